package docker

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// etcdPatience bounds one exchange with a member.
const etcdPatience = time.Second

// etcd is the registry as it is reached from outside, through the JSON form of
// its API on the members' published ports. Every exchange goes to the members
// in turn until one answers.
type etcd struct{ members []string }

// etcd returns the platform's registry; it has no members in a stack that is
// not the reference platform.
func (s *Stack) etcd() etcd {
	var e etcd
	for _, m := range s.members {
		if m.published == nil && m.recipe.component == "etcd" {
			e.members = append(e.members, m.admin)
		}
	}
	return e
}

// any sends a request to the members in turn; it returns the first answer.
func (e etcd) any(ctx context.Context, path string, in, out any) error {
	if len(e.members) == 0 {
		return errors.New("the stack has no registry that can be reached")
	}
	var errs []error
	for _, member := range e.members {
		err := post(ctx, member+path, in, out)
		if err == nil || ctx.Err() != nil {
			return err
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// anyAtOnce sends a request to all members at the same time; it returns nil
// when one of them did what was asked.
func (e etcd) anyAtOnce(ctx context.Context, path string, in any) error {
	answers := make(chan error, len(e.members))
	for _, member := range e.members {
		go func() { answers <- post(ctx, member+path, in, nil) }()
	}
	errs := []error{errors.New("no member of the registry did it")}
	for range e.members { // each is bounded by etcdPatience
		err := <-answers
		if err == nil && len(errs) > 0 {
			errs = nil
		}
		if errs != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// post sends one request to one member.
func post(ctx context.Context, url string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, etcdPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mebibyte))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("expected status 200 from %s, got %d: %s", url, response.StatusCode, firstLine(answer))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// Numbers of 64 bits are text in etcd's JSON, keys and values base64.
type (
	etcdHeader struct {
		Member string `json:"member_id"`
	}
	etcdStatus struct {
		Header etcdHeader `json:"header"`
		Leader string     `json:"leader"`
	}
	etcdKV struct {
		Key   []byte `json:"key"`
		Value []byte `json:"value"`
		Lease string `json:"lease,omitempty"`
		// Created and Revision are the revisions of the key's first and of its
		// latest value.
		Created  int64 `json:"create_revision,string,omitempty"`
		Revision int64 `json:"mod_revision,string,omitempty"`
	}
)

// Roles is which members of the registry, and of the etcd beside another
// registry, lead and follow; a member that does not answer has no role. No answer at all is an error.
func (s *Stack) Roles(ctx context.Context) (map[string]string, error) {
	roles := map[string]string{}
	var errs []error
	asked := 0
	for _, m := range s.members {
		if !m.decides() {
			continue
		}
		asked++
		role, err := m.role(ctx)
		if err != nil {
			errs = append(errs, m.wrap("ask for the role of", err))
			continue
		}
		if role != "" {
			roles[m.Name()] = role
		}
	}
	if len(errs) == asked {
		return roles, errors.Join(errs...)
	}
	return roles, nil
}

// get reads one key; ok is false when it does not exist.
func (e etcd) get(ctx context.Context, key string) (kv etcdKV, ok bool, err error) {
	return e.getAt(ctx, key, 0)
}

// getAt is get as it was at a revision; 0 is now.
func (e etcd) getAt(ctx context.Context, key string, revision int64) (kv etcdKV, ok bool, err error) {
	var answer struct {
		Kvs []etcdKV `json:"kvs"`
	}
	in := map[string]string{"key": text64(key)}
	if revision > 0 {
		in["revision"] = strconv.FormatInt(revision, 10)
	}
	err = e.any(ctx, "/v3/kv/range", in, &answer)
	if err != nil || len(answer.Kvs) == 0 {
		return etcdKV{}, false, err
	}
	return answer.Kvs[0], true, nil
}

// put writes one key. It returns the write's revision once a majority has it.
func (e etcd) put(ctx context.Context, key, value string) (revision string, err error) {
	var answer struct {
		Header struct {
			Revision string `json:"revision"`
		} `json:"header"`
	}
	err = e.any(ctx, "/v3/kv/put", map[string]string{"key": text64(key), "value": text64(value)}, &answer)
	return answer.Header.Revision, err
}

// remove deletes one key if it still has the value.
func (e etcd) remove(ctx context.Context, key, value string) error {
	return e.ifStill(ctx, key, value, "request_delete_range", map[string]string{"key": text64(key)})
}

// replace writes one key if it still has the old value.
func (e etcd) replace(ctx context.Context, key, old, value string) error {
	return e.ifStill(ctx, key, old, "request_put", map[string]string{"key": text64(key), "value": text64(value)})
}

// ifStill does one operation if a key still has the value.
func (e etcd) ifStill(ctx context.Context, key, value, operation string, request map[string]string) error {
	type compare struct {
		Key    string `json:"key"`
		Value  string `json:"value"`
		Target string `json:"target"`
		Result string `json:"result"`
	}
	type op map[string]map[string]string
	return e.any(ctx, "/v3/kv/txn", struct {
		Compare []compare `json:"compare"`
		Success []op      `json:"success"`
	}{
		[]compare{{Key: text64(key), Value: text64(value), Target: "VALUE", Result: "EQUAL"}},
		[]op{{operation: request}},
	}, nil)
}

func text64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
