package external

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// authority signs certificates into a folder of the test.
type authority struct {
	t      *testing.T
	folder string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, folder: t.TempDir()}
	a.cert, a.key = a.sign("ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// sign makes NAME.crt and NAME.key.
func (a *authority) sign(name string, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	check := func(err error) {
		if err != nil {
			a.t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	check(os.WriteFile(a.path(name+".crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	check(os.WriteFile(a.path(name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	c, err = x509.ParseCertificate(der)
	check(err)
	return c, key
}

func (a *authority) path(name string) string { return filepath.Join(a.folder, name) }

// tlsServer returns the port of TLS of a server that runs until the test ends.
func tlsServer(t *testing.T, a *authority, clients string) (port string) {
	t.Helper()
	processtest.Require(t)
	binary, err := process.Find("")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(binary, "--port", "0", "--tls-port", "1", "--tls-cert-file", "/none").CombinedOutput(); err == nil || strings.Contains(string(out), "Bad directive") {
		t.Skipf("%s was built without TLS: %s", binary, out)
	}
	a.sign("server", &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	a.sign("client", &x509.Certificate{})
	port = freePort(t)
	server(t, "tls-port "+port, "tls-auth-clients "+clients, "tls-ca-cert-file "+a.path("ca.crt"),
		"tls-cert-file "+a.path("server.crt"), "tls-key-file "+a.path("server.key"))
	return port
}

func TestTLS(t *testing.T) {
	a := newAuthority(t)
	url := "rediss://127.0.0.1:" + tlsServer(t, a, "no")
	tg := open(t, Config{Address: parse(t, url), TLS: TLS{CA: a.path("ca.crt")}})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if err := client(t, tg.Access("c0")).Set(testContext(t), tg.Prefix()+"{k}", "1", 0).Err(); err != nil {
		t.Error(err)
	}
	if n, err := tg.Clean(testContext(t)); n != 1 || err != nil {
		t.Errorf("deleted %d, %v", n, err)
	}
	open(t, Config{Address: parse(t, url), TLS: TLS{Insecure: true}})
	open(t, Config{Address: parse(t, url+"?skip_verify=true")})

	refused(t, Config{Address: parse(t, url)}, false, "name the certificate of its authority with --tls-ca")
	other := strings.Replace(url, "127.0.0.1", "localhost", 1)
	refused(t, Config{Address: parse(t, other), TLS: TLS{CA: a.path("ca.crt")}}, false, "use a name that its certificate has, or --tls-insecure")
	refused(t, Config{Address: parse(t, strings.Replace(url, "rediss", "redis", 1))}, false, "if TLS is spoken there, write rediss:// in place of redis://")
	refused(t, Config{Address: parse(t, url), TLS: TLS{CA: a.path("none")}}, true, "read authorities: open ")
	refused(t, Config{Address: parse(t, url), TLS: TLS{CA: a.path("ca.key")}}, true, "expected PEM")
	refused(t, Config{Address: parse(t, url), TLS: TLS{Cert: a.path("client.crt")}}, true, "give both --tls-cert and --tls-key")
	refused(t, Config{Address: parse(t, url), TLS: TLS{Cert: a.path("client.crt"), Key: a.path("server.key")}}, true, "read certificate: ")
}

func TestTLSOfBothSides(t *testing.T) {
	a := newAuthority(t)
	url := "rediss://127.0.0.1:" + tlsServer(t, a, "yes")
	open(t, Config{Address: parse(t, url), TLS: TLS{CA: a.path("ca.crt"), Cert: a.path("client.crt"), Key: a.path("client.key")}})
	refused(t, Config{Address: parse(t, url), TLS: TLS{CA: a.path("ca.crt")}}, false, "give --tls-cert and --tls-key")
}

// failing is a connection that takes what is written, and then fails.
type failing struct {
	net.Conn
	fails bool
}

func (f *failing) Write(p []byte) (int, error) {
	n, err := f.Conn.Write(p)
	if f.fails {
		return n, errors.Join(err, io.ErrClosedPipe)
	}
	return n, err
}

// A request that left sealed and whole is never said not to have left.
func TestSealedNeverSaysThatNothingLeft(t *testing.T) {
	a := newAuthority(t)
	port := tlsServer(t, a, "no")
	raw, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	address, err := Config{Address: parse(t, "rediss://127.0.0.1:"+port), TLS: TLS{Insecure: true}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	broken := &failing{Conn: raw}
	conn, err := address.secured(testContext(t), broken)
	if err != nil {
		t.Fatal(err)
	}
	broken.fails = true
	if n, err := conn.Write([]byte("PING\r\n")); n == 0 || err == nil {
		t.Errorf("got %d, %v", n, err)
	}
	if n, err := conn.(sealed).Conn.Write([]byte("x")); n != 0 || err == nil {
		t.Errorf("tls.Conn says %d, %v: what sealed is for has gone", n, err)
	}
}
