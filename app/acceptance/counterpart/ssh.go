package counterpart

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// SSHServer is a real server with who may sign in to it.
type SSHServer struct {
	Host, Port, User string
	// Key is the private key of the user, and HostKey the fingerprint of the machine's key, whose line is HostLine.
	Key, HostKey, HostLine string
}

// SSH starts OpenSSH, to which the user of this process may sign in.
func SSH(t testing.TB) SSHServer {
	t.Helper()
	dir := t.TempDir()
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		// Where sshd keeps its unprivileged half; Debian makes it when the machine starts.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	key, line, _ := newKey(t)
	hostKey, hostLine, hostPrint := newKey(t)
	for name, text := range map[string]string{"host": hostKey, "authorized": line} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := SSHServer{Host: "127.0.0.1", Port: port(t), User: who.Username, Key: key, HostKey: hostPrint, HostLine: strings.TrimSpace(hostLine)}
	config := fmt.Sprintf("Port %s\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPidFile none\nMaxStartups 100\n",
		s.Port, dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, exec.Command(program(t, "/usr/sbin/sshd"), "-D", "-e", "-f", filepath.Join(dir, "config")), "Server listening on")
	return s
}

// newKey is a private key as OpenSSH writes it, with the line and the fingerprint of its public half.
func newKey(t testing.TB) (private, line, fingerprint string) {
	t.Helper()
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(secret, "")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), string(ssh.MarshalAuthorizedKey(shown)), ssh.FingerprintSHA256(shown)
}
