package dnsfault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	// ttl is how long a spoofed address may be kept.
	ttl = 1 // second
	// upstream bounds one query that is passed on, idle a connection that is
	// not used.
	upstream = 5 * time.Second
	idle     = 10 * time.Second
)

// server answers queries.
type server struct {
	spec Spec
	// ask passes a query on to the real resolver.
	ask func(ctx context.Context, network string, query []byte) ([]byte, error)

	queries, hits atomic.Int64
	stop          context.CancelFunc
	udp           net.PacketConn
	tcp           net.Listener
	all           sync.WaitGroup
}

// serve begins to answer on both sockets.
func (s *server) serve(udp net.PacketConn, tcp net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.udp, s.tcp = stop, udp, tcp
	s.all.Go(func() {
		for {
			p := make([]byte, 64<<10)
			n, from, err := udp.ReadFrom(p)
			if err != nil {
				return
			}
			s.all.Go(func() {
				if reply := s.reply(ctx, "udp", p[:n]); reply != nil {
					_, _ = udp.WriteTo(reply, from) // who does not get it asks again
				}
			})
		}
	})
	s.all.Go(func() {
		for {
			conn, err := tcp.Accept()
			if err != nil {
				return
			}
			s.all.Go(func() { s.serveTCP(ctx, conn) })
		}
	})
}

// serveTCP answers the queries of one connection.
func (s *server) serveTCP(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	for {
		_ = conn.SetDeadline(time.Now().Add(idle))
		query, err := readFrame(conn)
		if err != nil {
			return
		}
		reply := s.reply(ctx, "tcp", query)
		if reply == nil {
			continue
		}
		if _, err := conn.Write(frame(reply)); err != nil {
			return
		}
	}
}

// frame puts the length before a message, as over TCP.
func frame(message []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
}

func readFrame(r io.Reader) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(r, message)
	return message, err
}

// reply is the answer to a query; nil is none.
func (s *server) reply(ctx context.Context, network string, query []byte) []byte {
	s.queries.Add(1)
	var p dnsmessage.Parser
	header, err := p.Start(query)
	if err != nil {
		return nil
	}
	question, err := p.Question()
	if err != nil || !s.spec.hits(question.Name.String()) || !s.answers(question) {
		ctx, cancel := context.WithTimeout(ctx, upstream)
		defer cancel()
		reply, err := s.ask(ctx, network, query)
		if err != nil {
			return nil
		}
		return reply
	}
	s.hits.Add(1)
	if s.spec.Answer == Timeout {
		return nil
	}
	reply, err := s.build(header, question)
	if err != nil {
		return nil
	}
	return reply
}

// answers reports whether a question is of a kind that is answered here: all
// are but those for something else than an address, of a spoofed name.
func (s *server) answers(q dnsmessage.Question) bool {
	return s.spec.Answer != Spoof || q.Type == dnsmessage.TypeA || q.Type == dnsmessage.TypeAAAA
}

func (s *server) build(header dnsmessage.Header, q dnsmessage.Question) ([]byte, error) {
	answer := dnsmessage.Header{ID: header.ID, Response: true, OpCode: header.OpCode, RecursionDesired: header.RecursionDesired, RecursionAvailable: true}
	switch s.spec.Answer {
	case NXDomain:
		answer.RCode = dnsmessage.RCodeNameError
	case ServFail:
		answer.RCode = dnsmessage.RCodeServerFailure
	}
	b := dnsmessage.NewBuilder(nil, answer)
	if err := errors.Join(b.StartQuestions(), b.Question(q), b.StartAnswers()); err != nil {
		return nil, err
	}
	record := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: ttl}
	var err error
	switch a := s.spec.Address; {
	case s.spec.Answer != Spoof:
	case q.Type == dnsmessage.TypeA && a.Is4():
		err = b.AResource(record, dnsmessage.AResource{A: a.As4()})
	case q.Type == dnsmessage.TypeAAAA && a.Is6():
		err = b.AAAAResource(record, dnsmessage.AAAAResource{AAAA: a.As16()})
	}
	if err != nil {
		return nil, err
	}
	return b.Finish()
}

// close ends everything.
func (s *server) close() error {
	s.stop()
	err := errors.Join(s.udp.Close(), s.tcp.Close())
	s.all.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the sockets: %w", err)
	}
	return nil
}
