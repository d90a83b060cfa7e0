package certificates

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// The ports of an own address of the machine; each test has them on an address of its own.
const (
	portHTTPS, portHTTP, portClosed, portDirectory, portManagement, portNames, portRecords = 5001, 5002, 5003, 14000, 15000, 8053, 8055
)

// loopbacks counts the addresses that tests took.
var loopbacks atomic.Uint32

// loopback is an address of the machine that no other test listens on, of this process or another.
func loopback() string {
	return fmt.Sprintf("127.%d.%d.%d", 64+os.Getpid()>>8&63, os.Getpid()&255, loopbacks.Add(1))
}

// directory is a Pebble: a real ACME directory whose names all lead to one address.
type directory struct {
	t       testing.TB
	address string
	// trust is the file by which the directory itself is trusted, roots are those of its certificates.
	trust  string
	roots  *x509.CertPool
	client *http.Client
	log    *instance.Buffer
}

// serveDirectory runs a Pebble that asks for tls-alpn-01 on one port of the address and for http-01 on another.
func serveDirectory(t testing.TB, portTLS, portPlain int) *directory {
	t.Helper()
	d := &directory{t: t, address: loopback(), log: &instance.Buffer{}}
	dir := t.TempDir()
	certificate, key := selfSigned(t, dir, "directory", d.address)
	d.trust = certificate
	d.client = &http.Client{Timeout: instance.Patience,
		Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool(t, certificate)}}}
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": d.at(portDirectory), "managementListenAddress": d.at(portManagement), "certificate": certificate,
		"privateKey": key,
		"httpPort":   portPlain, "tlsPort": portTLS, "retryAfter": map[string]int{"authz": 1, "order": 1}, "keyAlgorithm": "ecdsa",
		"profiles": map[string]any{"default": map[string]any{"description": "as always", "validityPeriod": 90 * 24 * 3600}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "pebble.json")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	d.run("pebble-challtestsrv", "-defaultIPv4", d.address, "-defaultIPv6", "", "-dnsserver", d.at(portNames), "-management",
		d.at(portRecords), "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "")
	d.run("pebble", "-config", path, "-dnsserver", d.at(portNames))
	d.await("https://" + d.at(portDirectory) + "/dir")
	d.roots = x509.NewCertPool()
	d.roots.AppendCertsFromPEM(d.await("https://" + d.at(portManagement) + "/roots/0"))
	return d
}

func (d *directory) at(port int) string { return fmt.Sprintf("%s:%d", d.address, port) }

func (d *directory) run(program string, arguments ...string) {
	d.t.Helper()
	c := exec.Command(filepath.Join(instance.Root, ".cache", program), arguments...)
	c.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=0")
	c.Stdout, c.Stderr = d.log, d.log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		d.t.Fatalf("%v; install it with make setup", err)
	}
	d.t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
}

// await reads an address as soon as something answers there.
func (d *directory) await(address string) (text []byte) {
	d.t.Helper()
	instance.Eventually(d.t, "an answer of "+address, func() bool {
		response, err := d.client.Get(address)
		if err != nil {
			return false
		}
		defer response.Body.Close()
		text, err = io.ReadAll(response.Body)
		return err == nil
	})
	return text
}

// orders is how many certificates somebody asked for.
func (d *directory) orders() int { return strings.Count(d.log.String(), "Added order ") }

// lead makes a name lead to another address than that of all.
func (d *directory) lead(name, address string) {
	d.t.Helper()
	body := fmt.Sprintf(`{"host":%q,"addresses":[%q]}`, name, address)
	for _, change := range []string{"clear-a", "add-a"} {
		response, err := http.Post("http://"+d.at(portRecords)+"/"+change, "application/json", strings.NewReader(body))
		if err != nil {
			d.t.Fatal(err)
		}
		response.Body.Close()
	}
}

// settings are those of an instance at zygo.test that gets its certificates here.
func (d *directory) settings(more ...string) []string {
	return append(more, fmt.Sprintf("server.base_url=https://zygo.test:%d", portHTTPS), "tls.listen="+d.at(portHTTPS),
		"tls.directory=https://"+d.at(portDirectory)+"/dir", "tls.ca_file="+d.trust)
}

// serve serves an instance with these settings.
func (d *directory) serve(more ...string) *instance.Instance {
	d.t.Helper()
	i := instance.PrepareBinary(d.t, d.settings(more...)...)
	i.HTTP = d.visitor()
	i.Serve()
	return i
}

// visitor reaches every name at the address, trusts what the directory signed, and begins anew with each request.
func (d *directory) visitor() *http.Client {
	return visitor(d.address, d.roots)
}

func visitor(address string, roots *x509.CertPool) *http.Client {
	dial := func(ctx context.Context, network, to string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(to)
		if err != nil {
			return nil, err
		}
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(address, port))
	}
	return &http.Client{Timeout: instance.Patience, CheckRedirect: instance.Transport.CheckRedirect,
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// visit opens a page of a host and gives the certificate by which it was served.
func visit(client *http.Client, host, path string) (page instance.Reply, leaf *x509.Certificate, err error) {
	response, err := client.Get(fmt.Sprintf("https://%s:%d%s", host, portHTTPS, path))
	if err != nil {
		return instance.Reply{}, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return instance.Reply{Status: response.StatusCode, Header: response.Header, Body: text}, response.TLS.PeerCertificates[0], err
}

// selfSigned writes a certificate of names or addresses that trusts itself, and its key.
func selfSigned(t testing.TB, dir, file string, names ...string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour),
		IsCA:     true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, file+".crt"), filepath.Join(dir, file+".key")
	for path, block := range map[string]pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		var text bytes.Buffer
		if err := pem.Encode(&text, &block); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

func pool(t testing.TB, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return roots
}
