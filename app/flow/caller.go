package flow

import (
	"context"
	"time"

	"zygo/app/fault"
)

// caller waits for the answer of an execution, also while that is parked.
type caller struct {
	answered chan Answer
	until    time.Time
}

// expect notes that somebody waits for an execution's answer; end it with forgetCaller.
func (e *Engine) expect(execution string) *caller {
	c := &caller{make(chan Answer, 1), e.kernel.Now().Go().Add(longestAnswer)}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.callers[execution] = c
	return c
}

func (e *Engine) forgetCaller(execution string) *caller {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.callers[execution]
	delete(e.callers, execution)
	return c
}

// answer tells who waits for an execution, if anybody still does.
func (e *Engine) answer(execution string, a Answer) {
	if c := e.forgetCaller(execution); c != nil {
		c.answered <- a
	}
}

// waitsUntil tells whether somebody still waits for an execution at a time to come.
func (e *Engine) waitsUntil(execution string, at time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.callers[execution]
	return c != nil && at.Before(c.until)
}

// await gives the execution's own answer, or says that it goes on, if a crash could not lose it.
func (e *Engine) await(ctx context.Context, r *run, c *caller) Answer {
	timer := time.NewTimer(longestAnswer)
	defer timer.Stop()
	select {
	case a := <-c.answered:
		return a
	case <-ctx.Done():
	case <-timer.C:
	case <-e.cutOff:
	}
	if !r.accepted.Load() {
		return Answer{
			err: fault.New(fault.Unavailable,
				"Too many executions are under way. This one may still run; ask again with the same delivery id."),
		}
	}
	return Answer{Status: Running, ExecutionID: r.row.ID}
}
