package shell_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"zygo/app/acceptance/counterpart"
	"zygo/app/flow/shell"
	"zygo/app/outgoing"
)

func guard(t *testing.T, allow ...string) *outgoing.Guard {
	t.Helper()
	g, err := outgoing.NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func expectReason(t *testing.T, name string, err error, reason shell.Reason, part string) {
	t.Helper()
	var failed *shell.Error
	if !errors.As(err, &failed) || failed.Reason != reason || !strings.Contains(failed.Message, part) {
		t.Errorf("%s: %v, want %s with %q", name, err, reason, part)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	server := counterpart.SSH(t)
	port, err := strconv.Atoi(server.Port)
	if err != nil {
		t.Fatal(err)
	}
	g := guard(t, net.JoinHostPort(server.Host, server.Port))
	to := shell.Target{Host: server.Host, Port: port, User: server.User, Key: server.Key, HostKey: server.HostKey}
	run := func(to shell.Target, line, input string) (shell.Result, error) {
		return shell.Run(t.Context(), g, to, shell.Command{Line: line, Input: []byte(input), Time: time.Minute, Most: 1 << 20})
	}
	hostile := "a'b \"$HOME\" `id` $(id) \\ ; rm -rf / & | > < * ? ~ \n # é -n"
	quoted, err := shell.Quote(hostile)
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]struct {
		input, output, errors string
		code                  int
	}{
		"printf %s " + quoted:          {"", hostile, "", 0},
		"cat; echo failed >&2; exit 7": {"in\x00put", "in\x00put", "failed\n", 7},
		"true":                         {"never read", "", "", 0},
	} {
		got, err := run(to, line, want.input)
		if err != nil || string(got.Output) != want.output || string(got.Errors) != want.errors || got.Code != want.code {
			t.Errorf("%q gives %q, %q, %d, %v", line, got.Output, got.Errors, got.Code, err)
		}
	}
	for _, pinned := range []string{server.HostLine, "[127.0.0.1]:" + server.Port + " " + server.HostLine} {
		other := to
		other.HostKey = pinned
		if _, err := run(other, "true", ""); err != nil {
			t.Errorf("pinned as %q: %v", pinned, err)
		}
	}
	for name, c := range map[string]struct {
		change func(to *shell.Target)
		reason shell.Reason
		part   string
	}{
		"no host key": {func(to *shell.Target) { to.HostKey = "" }, shell.WrongHost,
			"The machine shows " + server.HostKey + " (ssh-ed25519)"},
		"another host key": {func(to *shell.Target) { to.HostKey = "SHA256:" + strings.Repeat("A", 43) }, shell.WrongHost,
			server.HostKey},
		"another user": {func(to *shell.Target) { to.User = "nobody" }, shell.SignIn, "refuses the sign-in of nobody"},
		"a password":   {func(to *shell.Target) { to.Key, to.Password = "", "secret-word" }, shell.SignIn, "refuses"},
		"no key":       {func(to *shell.Target) { to.Key = "secret-word" }, shell.SignIn, "can't be read"},
		"another port": {func(to *shell.Target) { to.Port = 22 }, shell.Refused, "outgoing.allow"},
	} {
		other := to
		c.change(&other)
		_, err := run(other, "true", "")
		expectReason(t, name, err, c.reason, c.part)
		if err != nil && strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s tells the secret: %v", name, err)
		}
	}
	_, err = shell.Run(t.Context(), g, to, shell.Command{Line: "sleep 600", Time: 100 * time.Millisecond, Most: 10})
	expectReason(t, "a slow command", err, shell.TooSlow, "within 100ms")
	_, err = shell.Run(t.Context(), g, to, shell.Command{Line: "yes", Time: time.Minute, Most: 1 << 20})
	expectReason(t, "a loud command", err, shell.TooLarge, "1048576 bytes")
	_, err = run(to, "kill -9 $$", "")
	expectReason(t, "a command that is killed", err, shell.Broken, "KILL")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err = shell.Run(ctx, g, to, shell.Command{Line: "sleep 600", Time: time.Minute, Most: 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("an execution that is stopped gives %v", err)
	}
}

// Before the host key is known to be right, nothing is told to the machine.
func TestAPasswordGoesToTheRightMachineOnly(t *testing.T) {
	t.Parallel()
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 10)
	config := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		told <- string(password)
		return nil, nil
	}}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			wire, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(wire, config)
		}
	}()
	g := guard(t, listener.Addr().String())
	to := shell.Target{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, User: "zygo", Password: "p w"}
	command := shell.Command{Line: "who", Time: time.Minute, Most: 100}
	_, err = shell.Run(t.Context(), g, to, command)
	expectReason(t, "an unknown machine", err, shell.WrongHost, "is missing")
	if len(told) > 0 {
		t.Error("an unknown machine was told the password")
	}
	to.HostKey = ssh.FingerprintSHA256(signer.PublicKey())
	got, err := shell.Run(t.Context(), g, to, command)
	if err != nil || string(got.Output) != "who" || len(told) != 1 || <-told != "p w" {
		t.Errorf("%q, %v", got.Output, err)
	}
}

// answer runs a command by saying it back.
func answer(wire net.Conn, config *ssh.ServerConfig) {
	defer wire.Close()
	_, channels, requests, err := ssh.NewServerConn(wire, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for opened := range channels {
		channel, requests, err := opened.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			_ = r.Reply(true, nil)
			if r.Type == "exec" {
				_, _ = channel.Write(bytes.TrimLeft(r.Payload, "\x00\x01\x02\x03"))
				_, _ = channel.SendRequest("exit-status", false, make([]byte, 4))
				channel.Close()
			}
		}
	}
}

func TestServersThatAreNone(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{"another protocol": "HTTP/1.1 400 Bad Request\r\n\r\n", "nothing": "",
		"an endless greeting": strings.Repeat("x\r\n", 1<<16)} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if wire, err := listener.Accept(); err == nil {
				_, _ = wire.Write([]byte(says))
				wire.Close()
			}
		}()
		address := listener.Addr().String()
		_, err = shell.Run(t.Context(), guard(t, address), shell.Target{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port,
			User: "zygo", Password: "x"}, shell.Command{Line: "true", Time: time.Minute, Most: 1})
		expectReason(t, name, err, shell.Unreachable, "can't be reached")
		listener.Close()
	}
}

func TestHostKeys(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"": true, "SHA256:" + strings.Repeat("a", 43): true, "SHA256:" + strings.Repeat("a", 43) + "=": true,
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAvTzdo8gCeFxDmUiTWw2UvG8x5g+lnyKJTvFDQp0+Cv":                            true,
		"server.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAvTzdo8gCeFxDmUiTWw2UvG8x5g+lnyKJTvFDQp0+Cv comment": true,
		"SHA256:a": false, "MD5:00:11": false, "ssh-ed25519": false, "x y z": false, "SHA256:" + strings.Repeat("é", 43): false,
	} {
		if err := shell.CheckHostKey(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := shell.Quote("a\x00b"); err == nil {
		t.Error("NUL can be quoted")
	}
}
