package stack

// Tokens is a stack that knows its clients by signed tokens.
type Tokens interface {
	// Token returns the value of an Authorization header by which a client of
	// that name may send requests for a day; empty when the stack takes clients
	// without a token.
	Token(client string) (string, error)
}
