package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/shell"
	"zygo/app/value"
)

// SSH runs a command on another machine, once per item.
type SSH struct {
	Host       string         `z:"required,max=253,short"`
	Port       int            `z:"default=22,min=1,max=65535,short"`
	Username   field.Exact    `z:"required,max=200,short"`
	Auth       SSHAuth        `z:"default=key,literal,label=Authentication,short"`
	Key        field.LongText `z:"max=16000,secrets,when=auth:key,label=Private key,help=A secret such as {{ $secrets.SSH_KEY }}. The key has no passphrase."`
	Password   field.Exact    `z:"max=1000,secrets,when=auth:password,help=A secret such as {{ $secrets.SSH_PASSWORD }}"`
	HostKey    field.Exact    `z:"max=2000,help=The machine's own key, such as SHA256:…, as ssh-keygen -lf shows it. Nothing is sent to a machine that shows another one; an error says which."`
	Command    field.LongText `z:"required,max=20000,literal,help=Taken as it stands. Values of items are arguments."`
	Arguments  []SSHArgument  `z:"max=100,help=They follow the command, each as one word, whatever it holds. This is for POSIX shells."`
	Input      value.Value    `z:"fold,label=Standard input,help=A text, or a file such as {{ $json.body.cv }}. Other values are sent as JSON."`
	Timeout    int            `z:"default=60,min=1,max=600,fold,help=In seconds."`
	NeverError bool           `z:"fold,help=Every exit code is a success."`
}

// SSHArgument is a word behind the command.
type SSHArgument struct {
	Value field.Exact `z:"max=100000"`
}

// SSHAuth is how one signs in.
type SSHAuth string

// Choices are the ways.
func (SSHAuth) Choices() []field.Choice {
	return []field.Choice{{Value: "key", Label: "Private key"}, {Value: "password", Label: "Password"}}
}

func secureShell() *Type {
	return Declare(Type{
		Name: "ssh", Version: 1, Category: "integration", Title: "SSH command", Icon: "terminal", Repeat: Never,
		Help: "Runs a command on another machine, and gives its exit code, its output and its errors.",
	}, runSSH)
}

// mostShellOutput is what a command may write to each output.
const mostShellOutput = 1 << 20

// CheckWritten refuses expressions in a command, and host keys that are none. What an expression gives is empty here.
func (p *SSH) CheckWritten() error {
	if strings.Contains(string(p.Command), "{{") {
		return fault.InvalidField("command", "holds an expression, whose value could become a command. Give it under Arguments")
	}
	if strings.ContainsAny(p.Host, "/@ ") || strings.Contains(p.Host, ":") && strings.Count(p.Host, ":") < 2 {
		return fault.InvalidField("host", "is a name or an address alone, such as server.example.com")
	}
	if err := shell.CheckHostKey(string(p.HostKey)); err != nil {
		return fault.InvalidField("host_key", "%s", err)
	}
	return nil
}

// Check refuses a sign-in without anything to show.
func (p *SSH) Check() error {
	switch {
	case p.Auth == "key" && p.Key == "":
		return fault.InvalidField("key", "is required")
	case p.Auth == "password" && p.Password == "":
		return fault.InvalidField("password", "is required")
	}
	return nil
}

func runSSH(ctx context.Context, c *Call, parameters func(int) (*SSH, error)) (Result, error) {
	return c.each(ctx, func(i int) ([]value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return nil, err
		}
		line, err := p.line()
		if err != nil {
			return nil, err
		}
		room := c.carried()
		defer room.Reset()
		input := bodyOf(p.Input)
		if _, isFile := content.SizeOf(p.Input); isFile {
			file, err := oneFile("input", p.Input, c.Items[i].JSON, room)
			if err != nil {
				return nil, err
			}
			input = file.Body
		}
		to := shell.Target{Host: strings.Trim(p.Host, "[]"), Port: p.Port, User: string(p.Username), HostKey: string(p.HostKey)}
		if p.Auth == "key" {
			to.Key = string(p.Key)
		} else {
			to.Password = string(p.Password)
		}
		result, err := shell.Run(ctx, c.Services.HTTP, to, shell.Command{
			Line:  line,
			Input: input,
			Time:  time.Duration(p.Timeout) * time.Second,
			Most:  mostShellOutput,
		})
		var failed *shell.Error
		if errors.As(err, &failed) {
			return nil, &Error{Code: string(failed.Reason), Message: failed.Message, Retryable: failed.Retryable}
		}
		if err != nil {
			return nil, err
		}
		return p.gave(result)
	})
}

// line is the command with its arguments.
func (p *SSH) line() (string, error) {
	words := []string{string(p.Command)}
	for i, argument := range p.Arguments {
		word, err := shell.Quote(string(argument.Value))
		if err != nil {
			return "", fault.InvalidField(fmt.Sprintf("arguments.%d.value", i), "%s", err)
		}
		words = append(words, word)
	}
	return strings.Join(words, " "), nil
}

// gave is what a command gave, as an item or as a failure.
func (p *SSH) gave(result shell.Result) ([]value.Value, error) {
	gave := value.Object(
		value.Member{Key: "code", Value: value.Int(int64(result.Code))},
		value.Member{Key: "stdout", Value: content.Text(content.Type{}, result.Output)},
		value.Member{Key: "stderr", Value: content.Text(content.Type{}, result.Errors)},
	)
	if result.Code != 0 && !p.NeverError {
		said := strings.TrimSpace(strings.ToValidUTF8(string(cmp.Or(string(result.Errors), string(result.Output))), "\uFFFD"))
		return nil, &Error{
			Code:    "EXIT_CODE",
			Message: strings.TrimSpace(fmt.Sprintf("The command ended with the code %d: %.300s", result.Code, said)),
			Status:  result.Code,
			Body:    gave,
		}
	}
	return []value.Value{gave}, nil
}
