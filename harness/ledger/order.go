package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Digest tells what was written from everything else.
type Digest [8]byte

// String is the digest in hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Order is what a write of the reference platform's shop holds beside its key:
// the form in which it is sent, and in which it is compared with what is found.
type Order struct {
	Client   string `json:"client"`
	Item     int    `json:"item"`
	Quantity int    `json:"quantity"`
}

// Body is the order as it is sent.
func (o Order) Body() []byte {
	body, err := json.Marshal(o)
	if err != nil {
		panic("ledger: a string and two numbers are always JSON: " + err.Error())
	}
	return body
}

// Digest is that of the body: the start of its SHA-256.
func (o Order) Digest() (d Digest) {
	sum := sha256.Sum256(o.Body())
	copy(d[:], sum[:])
	return d
}
