package counterpart

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is who servers run as that refuse to run as root.
const nobody = 65534

// folder is a new folder of the user that servers run as.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "counterpart-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	own(t, dir)
	return dir
}

func own(t testing.TB, path string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	if err := os.Chown(path, nobody, nobody); err != nil {
		t.Fatal(err)
	}
}

// unprivileged is a command that does not run as root.
func unprivileged(name string, arguments ...string) *exec.Cmd {
	c := exec.Command(name, arguments...)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	c.Dir = "/"
	return c
}

// program finds a program of Debian, also in the folders that are not searched.
func program(t testing.TB, patterns ...string) string {
	t.Helper()
	for _, pattern := range patterns {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[len(found)-1]
		}
	}
	t.Fatalf("none of %v is installed: run make setup", patterns)
	return ""
}

// port is one that is free now.
func port(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// serve starts a server and waits until it says that it is ready.
func serve(t testing.TB, c *exec.Cmd, ready string) {
	t.Helper()
	from, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	said := make(chan string, 1)
	go func() {
		var lines []string
		scanner := bufio.NewScanner(from)
		for scanner.Scan() {
			if lines = append(lines, scanner.Text()); strings.Contains(scanner.Text(), ready) {
				said <- ""
				lines = nil
			}
		}
		select {
		case said <- strings.Join(lines, "\n"):
		default:
		}
	}()
	select {
	case problem := <-said:
		if problem != "" {
			t.Fatalf("%s does not start:\n%s", c.Path, problem)
		}
	case <-time.After(patience):
		t.Fatalf("%s does not start", c.Path)
	}
}

// certificate writes a certificate of localhost that signs itself, with its key.
func certificate(t testing.TB, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"server.crt": {Type: "CERTIFICATE", Bytes: der},
		"server.key": {Type: "PRIVATE KEY", Bytes: secret}} {
		write(t, filepath.Join(dir, name), string(pem.EncodeToMemory(block)))
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	own(t, path)
}

// DatabasePassword is the one of the user zygo of the databases.
const DatabasePassword = "p@ss word#1"

// Postgres starts PostgreSQL with an empty database, and gives the address of the host.
func Postgres(t testing.TB) (host string) {
	t.Helper()
	dir, data := folder(t), ""
	data = filepath.Join(dir, "data")
	write(t, filepath.Join(dir, "password"), DatabasePassword)
	certificate(t, dir)
	initdb := unprivileged(program(t, "/usr/lib/postgresql/*/bin/initdb"), "-D", data, "-U", "zygo", "-A", "scram-sha-256", "--no-sync",
		"--pwfile="+filepath.Join(dir, "password"), "-E", "UTF8", "--locale=C")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	number := port(t)
	serve(t, unprivileged(program(t, "/usr/lib/postgresql/*/bin/postgres"), "-D", data, "-p", number, "-c", "listen_addresses=127.0.0.1",
		"-c", "fsync=off", "-c", "unix_socket_directories=", "-c", "timezone=Asia/Tokyo", "-c", "datestyle=german", "-c", "ssl=on",
		"-c", "ssl_cert_file="+filepath.Join(dir, "server.crt"), "-c", "ssl_key_file="+filepath.Join(dir, "server.key")),
		"ready to accept connections")
	return "127.0.0.1:" + number
}

// MariaDB starts MariaDB with an empty database that is called test, and gives the address of the host.
func MariaDB(t testing.TB) (host string) {
	t.Helper()
	dir := folder(t)
	data := filepath.Join(dir, "data")
	install := unprivileged(program(t, "/usr/bin/mariadb-install-db"), "--no-defaults", "--datadir="+data, "--skip-test-db",
		"--auth-root-authentication-method=normal")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db: %v\n%s", err, out)
	}
	write(t, filepath.Join(dir, "first.sql"), fmt.Sprintf(
		"CREATE USER 'zygo'@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO 'zygo'@'%%';\nCREATE DATABASE test CHARACTER SET utf8mb4;\n", DatabasePassword))
	certificate(t, dir)
	number := port(t)
	serve(t, unprivileged(program(t, "/usr/sbin/mariadbd"), "--no-defaults", "--datadir="+data, "--bind-address=127.0.0.1", "--port="+number,
		"--socket="+filepath.Join(dir, "socket"), "--pid-file="+filepath.Join(dir, "pid"), "--init-file="+filepath.Join(dir, "first.sql"),
		"--skip-name-resolve", "--default-time-zone=+09:00", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
		"--ssl-cert="+filepath.Join(dir, "server.crt"), "--ssl-key="+filepath.Join(dir, "server.key")), "ready for connections")
	return "127.0.0.1:" + number
}
