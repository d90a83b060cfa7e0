// Package shell runs a command on another machine by SSH, on behalf of workflows. It connects through the address guard, and
// signs in nowhere before the machine has shown the host key that it was told. Start with Run.
package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"zygo/app/fault"
	"zygo/app/outgoing"
)

// Target is a machine and who signs in to it.
type Target struct {
	Host     string
	Port     int
	User     string
	Password string
	// Key is a private key in PEM, in the place of a password.
	Key string
	// HostKey is the machine's own: its fingerprint, or the line of known_hosts or of its public file.
	HostKey string
}

// Command is what is run there.
type Command struct {
	Line  string
	Input []byte
	Time  time.Duration
	// Most is how many bytes each output may have.
	Most int
}

// Result is what a command gave.
type Result struct {
	Code           int
	Output, Errors []byte
}

// Reason is why a command gave nothing.
type Reason string

// The reasons.
const (
	Refused     Reason = "ADDRESS_REFUSED" // by the guard
	Unreachable Reason = "CONNECTION"
	WrongHost   Reason = "HOST_KEY"
	SignIn      Reason = "SIGN_IN"
	TooSlow     Reason = "TIMEOUT"
	TooLarge    Reason = "OUTPUT_TOO_LARGE"
	Broken      Reason = "INTERRUPTED" // while the command ran
)

// Error is a failure that may be shown. Only what was Unreachable has had no effect for sure and may be tried again.
type Error struct {
	Reason    Reason
	Message   string
	Retryable bool
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

func wrong(reason Reason, format string, arguments ...any) error {
	return &Error{Reason: reason, Message: fmt.Sprintf(format, arguments...)}
}

// Quote writes an argument so that a POSIX shell takes it for one word, whatever it holds.
func Quote(argument string) (string, error) {
	if strings.ContainsRune(argument, 0) {
		return "", errors.New("an argument can't hold the character NUL")
	}
	return "'" + strings.ReplaceAll(argument, "'", `'\''`) + "'", nil
}

// connectTime bounds a sign-in.
const connectTime = 20 * time.Second

// Run signs in and runs a command. That it ended with another code than 0 is no error here.
func Run(ctx context.Context, guard *outgoing.Guard, to Target, command Command) (Result, error) {
	methods, err := to.methods()
	if err != nil {
		return Result{}, err
	}
	connecting, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	address := net.JoinHostPort(to.Host, strconv.Itoa(to.Port))
	wire, err := guard.Dial(connecting, address, outgoing.Protocol{Name: "SSH", Port: 22})
	if err != nil {
		return Result{}, to.unreachable(ctx, err)
	}
	defer wire.Close()
	stop := context.AfterFunc(connecting, func() { _ = wire.Close() })
	seen := &hostKey{pinned: to.HostKey}
	conn, channels, requests, err := ssh.NewClientConn(wire, address, &ssh.ClientConfig{
		User:              to.User,
		Auth:              methods,
		HostKeyCallback:   seen.check,
		HostKeyAlgorithms: seen.algorithms(),
		ClientVersion:     "SSH-2.0-Zygo",
	})
	if inTime := stop(); err == nil && !inTime {
		err = connecting.Err()
	}
	switch {
	case seen.refusal != "":
		return Result{}, wrong(WrongHost, "%s", seen.refusal)
	case err != nil && connecting.Err() != nil:
		return Result{}, to.unreachable(ctx, connecting.Err())
	case err != nil && strings.Contains(err.Error(), "unable to authenticate"):
		return Result{}, wrong(SignIn, "%s refuses the sign-in of %s.", to.Host, to.User)
	case err != nil:
		return Result{}, to.unreachable(ctx, err)
	}
	client := ssh.NewClient(conn, channels, requests)
	defer client.Close()
	return to.run(ctx, client, wire, command)
}

func (t Target) methods() ([]ssh.AuthMethod, error) {
	if t.Key == "" {
		// Some servers ask for the password as for any other question.
		answer := func(_, _ string, questions []string, _ []bool) ([]string, error) {
			answers := make([]string, len(questions))
			for i := range answers {
				answers[i] = t.Password
			}
			return answers, nil
		}
		return []ssh.AuthMethod{ssh.Password(t.Password), ssh.KeyboardInteractive(answer)}, nil
	}
	signer, err := ssh.ParsePrivateKey([]byte(strings.TrimSpace(t.Key) + "\n"))
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, wrong(SignIn, "The private key is locked with a passphrase. A secret is encrypted already: keep the key there without one.")
	case err != nil: // whose text is about the key
		return nil, wrong(SignIn, "The private key can't be read: it must be a key of OpenSSH or in PEM, with all of its lines.")
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

// unreachable is a connection that did not come about.
func (t Target) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f, ok := fault.As(outgoing.Explain(err))
	if !ok {
		return wrong(Unreachable, "%s can't be reached.", t.Host)
	}
	reason := Unreachable
	if f.Code == fault.Forbidden {
		reason = Refused
	}
	return &Error{reason, fmt.Sprintf("%s can't be reached: %s.", t.Host, strings.TrimSuffix(f.Message, ".")), f.Code == fault.Unavailable}
}

// output collects what a command writes, and ends the command when that is too much.
type output struct {
	got  bytes.Buffer
	most int
	full func()
}

// Write takes all that still fits.
func (o *output) Write(p []byte) (int, error) {
	if o.got.Len()+len(p) > o.most {
		o.full()
		return 0, errors.New("the output is too large")
	}
	return o.got.Write(p)
}

func (t Target) run(ctx context.Context, client *ssh.Client, wire net.Conn, command Command) (Result, error) {
	session, err := client.NewSession()
	if err != nil {
		return Result{}, t.unreachable(ctx, err)
	}
	defer session.Close()
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(command.Time, func() {
		cancel(wrong(TooSlow, "The command did not end within %s, and was stopped.", command.Time))
	})
	defer timer.Stop()
	full := func() {
		cancel(wrong(TooLarge, "The command wrote more than %d bytes, and was stopped. Have it write less, or to a file.", command.Most))
	}
	stdout, stderr := &output{most: command.Most, full: full}, &output{most: command.Most, full: full}
	session.Stdin, session.Stdout, session.Stderr = bytes.NewReader(command.Input), stdout, stderr
	stop := context.AfterFunc(running, func() {
		_ = wire.SetDeadline(time.Now().Add(time.Second))
		_ = session.Signal(ssh.SIGKILL)
		_ = wire.Close()
	})
	defer stop()
	err = session.Run(command.Line)
	var ended *ssh.ExitError
	switch {
	case running.Err() != nil && ctx.Err() != nil:
		return Result{}, ctx.Err()
	case running.Err() != nil:
		return Result{}, context.Cause(running)
	case errors.As(err, &ended) && ended.Signal() != "":
		return Result{}, wrong(Broken, "The command was ended by the signal %s.", ended.Signal())
	case err != nil && ended == nil:
		return Result{}, wrong(Broken, "The connection ended while the command ran. Whether it took effect is not known.")
	}
	result := Result{Output: stdout.got.Bytes(), Errors: stderr.got.Bytes()}
	if ended != nil {
		result.Code = ended.ExitStatus()
	}
	return result, nil
}
