package identity

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/stack/certificate"
)

// variants are the files of a server, in a folder of their own.
func variants(t *testing.T) (folder string, roots *x509.CertPool) {
	t.Helper()
	authority, err := certificate.NewAuthority("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	files, err := authority.Files([]string{"gateway-1"})
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if roots, err = certificate.Roots(authority.PEM()); err != nil {
		t.Fatal(err)
	}
	return folder, roots
}

// show links the served file to another one.
func show(t *testing.T, folder, name string) {
	t.Helper()
	link := filepath.Join(folder, certificate.ServedFile)
	_ = os.Remove(link) // there is none at first
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
}

func TestFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder, _ := variants(t)
		show(t, folder, certificate.First)
		var told []error
		f, err := Open(filepath.Join(folder, certificate.ServedFile))
		if err != nil {
			t.Fatal(err)
		}
		f.Report(func(err error) { told = append(told, err) })
		first := f.Current().Leaf.SerialNumber

		show(t, folder, certificate.Next)
		if got := f.Current().Leaf.SerialNumber; got.Cmp(first) != 0 {
			t.Error("the file is read more often than it should be")
		}
		time.Sleep(lookEvery)
		next := f.Current().Leaf.SerialNumber
		if next.Cmp(first) == 0 || len(told) != 1 || told[0] != nil {
			t.Errorf("after a rotation: serial %v (before %v), told %v; want another one, and to be told once", next, first, told)
		}

		if err := os.WriteFile(filepath.Join(folder, "broken.pem"), []byte("nothing"), 0o600); err != nil {
			t.Fatal(err)
		}
		show(t, folder, "broken.pem")
		for range 3 {
			time.Sleep(lookEvery)
			if got := f.Current().Leaf.SerialNumber; got.Cmp(next) != 0 {
				t.Errorf("a broken file took the place of a good one")
			}
		}
		if len(told) != 2 || told[1] == nil || !strings.Contains(told[1].Error(), certificate.ServedFile) {
			t.Errorf("told %v of a broken file, want one error that names it", told)
		}

		if err := os.Remove(filepath.Join(folder, certificate.ServedFile)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(lookEvery)
		if got := f.Current().Leaf.SerialNumber; got.Cmp(next) != 0 || len(told) != 2 {
			t.Errorf("without a file: serial %v, told %v; want the last good one and silence", got, told)
		}

		show(t, folder, certificate.Expired)
		time.Sleep(lookEvery)
		if !f.Expires().Before(time.Now().Add(certificate.Lifetime)) {
			t.Errorf("it ends %v, want the end of the certificate that is shown", f.Expires())
		}
	})
}

func TestOpenWantsAGoodFile(t *testing.T) {
	folder, _ := variants(t)
	for _, name := range []string{"nowhere.pem", certificate.AuthorityFile} { // the latter has no key
		if _, err := Open(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestARotationTouchesNoConnection(t *testing.T) {
	folder, roots := variants(t)
	show(t, folder, certificate.First)
	f, err := Open(filepath.Join(folder, certificate.ServedFile))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", f.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go echo(conn)
		}
	}()
	dial := func() *tls.Conn {
		t.Helper()
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "gateway-1"})
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	old := dial()
	defer old.Close()
	show(t, folder, certificate.Next)
	f.mu.Lock()
	f.looked = time.Time{}
	f.mu.Unlock()
	fresh := dial()
	defer fresh.Close()
	a, b := old.ConnectionState().PeerCertificates[0], fresh.ConnectionState().PeerCertificates[0]
	if a.SerialNumber.Cmp(b.SerialNumber) == 0 {
		t.Error("a connection from after the rotation was shown the certificate from before")
	}
	if _, err := old.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if n, err := old.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("the connection from before the rotation: %d bytes, %v", n, err)
	}
}

func echo(conn net.Conn) {
	defer conn.Close()
	one := make([]byte, 1)
	for {
		if _, err := conn.Read(one); err != nil {
			return
		}
		if _, err := conn.Write(one); err != nil {
			return
		}
	}
}
