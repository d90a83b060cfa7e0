package instance

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"testing"

	"zygo/app/cli"
)

// Command runs a command on the instance's data, by what serves the instance.
func (i *Instance) Command(arguments ...string) (stdout, stderr string, code int) {
	i.T.Helper()
	arguments = append(arguments, "--data-dir", i.Dir)
	if i.binary == nil {
		return Command(i.T, arguments...)
	}
	var out, failed bytes.Buffer
	c := exec.Command(i.binary(i.T), arguments...)
	c.Stdout, c.Stderr = &out, &failed
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		i.T.Fatal(err)
	}
	return out.String(), failed.String(), code
}

// Command runs a command in the process of the test.
func Command(t testing.TB, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, failed bytes.Buffer
	code = zygo.Run(context.Background(), cli.Streams{In: new(bytes.Buffer), Out: &out, Err: &failed}, arguments)
	return out.String(), failed.String(), code
}
