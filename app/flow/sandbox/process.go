package sandbox

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync/atomic"
	"time"
)

const (
	// grace is how long after the script's limit the parent kills: time for the worker's own limit to end the script in
	// an orderly way, and for the answer to be written.
	grace = 500 * time.Millisecond
	// startTime bounds the start of a worker, which takes 4 ms on an idle machine.
	startTime = 10 * time.Second
	// mostRuns bounds what leaks of the engine could add up to.
	mostRuns = 1000
)

// A worker writes one of these bytes when its limits are in force: the second where system calls are filtered too.
const (
	ready         = 'z'
	readyFiltered = 'Z'
)

// process is the parent's side of one worker. One goroutine uses it at a time.
type process struct {
	command *exec.Cmd
	to      io.WriteCloser
	from    io.ReadCloser
	runs    int
	// filtered tells whether its system calls are.
	filtered bool
	// ended is closed when the process is gone and reaped.
	ended chan struct{}
}

// start starts a worker and waits until it is ready.
func start(ctx context.Context, isolated bool) (*process, error) {
	path, err := executable()
	if err != nil {
		return nil, fmt.Errorf("find the binary: %w", err)
	}
	command := exec.Command(path, Word)
	// Not nil, which would mean the parent's.
	command.Env = []string{}
	command.Dir = "/"
	command.SysProcAttr = attributes(isolated)
	p := &process{command: command, ended: make(chan struct{})}
	if p.to, err = command.StdinPipe(); err != nil {
		return nil, fmt.Errorf("pipe to the sandbox: %w", err)
	}
	if p.from, err = command.StdoutPipe(); err != nil {
		return nil, fmt.Errorf("pipe from the sandbox: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	go p.wait()
	greeting := make([]byte, 1)
	err = p.within(ctx, startTime, func() error {
		if _, err := io.ReadFull(p.from, greeting); err != nil || greeting[0] != ready && greeting[0] != readyFiltered {
			return fmt.Errorf("start the sandbox: it said %q: %w", greeting, err)
		}
		return nil
	})
	if err != nil {
		p.end()
		return nil, err
	}
	p.filtered = greeting[0] == readyFiltered
	return p, nil
}

// wait reaps the process. The pipes are closed by their readers, because Cmd.Wait would close them under the reader.
func (p *process) wait() {
	defer close(p.ended)
	defer func() { _ = recover() }()
	_, _ = p.command.Process.Wait()
}

// isAlive tells whether the process was still there a moment ago.
func (p *process) isAlive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// end kills the process and waits until it is gone.
func (p *process) end() {
	_ = p.command.Process.Kill()
	_ = p.to.Close()
	<-p.ended
	_ = p.from.Close()
}

// exchange sends a request and reads the answer. After any error the process is gone.
func (p *process) exchange(ctx context.Context, r request) (answer, error) {
	p.runs++
	var a answer
	err := p.within(ctx, r.time+grace, func() (err error) {
		if err = writeRequest(p.to, r); err == nil {
			a, err = readAnswer(p.from)
		}
		return err
	})
	if err != nil {
		p.end()
	}
	return a, err
}

// within runs talk and kills the process when the time is over or the context is done, which ends a talk that is stuck
// in either direction.
func (p *process) within(ctx context.Context, limit time.Duration, talk func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var late atomic.Bool
	timer := time.AfterFunc(limit, func() {
		late.Store(true)
		_ = p.command.Process.Kill()
	})
	stop := context.AfterFunc(ctx, func() { _ = p.command.Process.Kill() })
	err := talk()
	inTime, undisturbed := timer.Stop(), stop()
	switch {
	case ctx.Err() != nil && !undisturbed:
		return ctx.Err()
	case late.Load() || !inTime:
		return context.DeadlineExceeded
	}
	return err
}
