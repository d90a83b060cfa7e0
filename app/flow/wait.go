package flow

import (
	"fmt"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// wait is what a step waits for: the ends of other executions, or the answer of a person or a program.
type wait struct {
	Execution int64
	Seq       int
	TenantID  string
	// Epoch is that of the execution when the wait began.
	Epoch int
	// Methods are those with which the execution's address may be called.
	Methods string
	// Missing is how many answers have not come.
	Missing int
	Answer  field.JSON
}

var waits = waitTable()

func waitTable() *resource.Table {
	t := resource.NewTable[wait]("wait")
	t.Key = []string{"execution", "seq"}
	return t
}

// longestWait is how long a step waits for an answer, which is as long as a delay may be.
const longestWait = 400 * 24 * time.Hour

// hold parks the execution until the answer is there. What asks for it is stored in the same transaction.
func (r *run) hold(seq int, f *frame, asked *node.Wait) ([]node.Output, error) {
	calls, err := r.prepareCalls(seq, asked.Calls)
	var people []approver
	if err == nil && asked.Decision != nil {
		people, err = r.approvers(asked.Decision.Approvers)
	}
	if err != nil {
		return r.fail(seq, f, asNodeError(err))
	}
	until := r.engine.kernel.Now().Add(longestWait)
	if !asked.Until.IsZero() {
		until = min(until, timeOf(asked.Until))
	}
	if limit := f.unit.Timeout; limit > 0 {
		until = min(until, r.engine.kernel.Now().Add(time.Duration(limit)*time.Second))
	}
	if limit := r.program.settings.Timeout; limit > 0 {
		until = min(until, r.row.StartedAt.Add(time.Duration(limit)*time.Second))
	}
	r.journal[seq].Status, r.journal[seq].Outputs = stepWaiting, nil
	r.built.Reset()
	r.held = true
	return nil, r.parkWith(seq, until, func(s *resource.Session) error {
		if err := s.Put(waits, &wait{
			Execution: r.row.N,
			Seq:       seq,
			TenantID:  r.row.TenantID,
			Epoch:     r.row.Epoch,
			Methods:   asked.Methods,
			Missing:   max(len(calls), 1),
		}); err != nil {
			return err
		}
		if asked.Decision != nil {
			if err := r.ask(s, seq, asked.Decision, people, until); err != nil {
				return err
			}
		}
		for _, row := range calls {
			row.Awaited = r.row.Epoch
		}
		return r.startCalls(s, calls, asked.AtOnce)
	})
}

// answerTo reads what came for a step.
func (r *run) answerTo(seq int) (*node.Answer, error) {
	s := r.engine.session(r.row.TenantID, r.row.ID, r.row.ActorID)
	came, err := resource.SelectOne[wait](s, "SELECT * FROM {wait} WHERE execution = ? AND seq = ?", r.row.N, seq)
	if err != nil {
		return nil, fmt.Errorf("read what a step waits for: %w", err)
	}
	answer := &node.Answer{Late: came.Missing > 0}
	if answer.Ends, err = r.endsOf(s, &came); err != nil {
		return nil, err
	}
	if answer.Late {
		if err := endApprovals(s, r.row.ID, Expired); err != nil {
			return nil, err
		}
		if err := r.engine.cancelCalls(s, &r.row); err != nil {
			return nil, err
		}
	}
	if len(came.Answer) > 0 {
		if answer.Value, err = value.Parse(came.Answer, value.Limits{}); err != nil {
			return nil, fmt.Errorf("read the answer to a step: %w", err)
		}
	}
	return answer, nil
}

// reply gives an answer to a step that waits, within a write. The last one that it waits for makes its execution go on. An epoch
// other than 0 is that of the only wait that it answers.
func reply(s *resource.Session, execution string, seq, epoch int, answer field.JSON) error {
	s = s.AsInstance("an answer goes on with the execution that waits for it")
	row, err := resource.SelectOne[Execution](s, "SELECT n, status FROM {execution} WHERE id = ?", execution)
	if err != nil {
		return err
	}
	came, err := resource.SelectOne[wait](s, "SELECT * FROM {wait} WHERE execution = ? AND seq = ?", row.N, seq)
	if err != nil {
		return err
	}
	if came.Missing == 0 || row.Status != Waiting || epoch != 0 && epoch != came.Epoch {
		return errNobodyWaits
	}
	came.Missing--
	if answer != nil {
		came.Answer = answer
	}
	if err := s.Put(waits, &came); err != nil || came.Missing > 0 {
		return err
	}
	_, err = s.Change(Executions.Table(s), []resource.Pair{{Column: "wake_at", Value: s.Now}}, []resource.Pair{{Column: "n", Value: row.N}})
	return err
}

var errNobodyWaits = fault.New(fault.Conflict, "The execution doesn't wait for this any more.")

// ended does within the write that ends an execution what follows from the end. Held tells that it may have asked for something
// that is still open.
func (e *Engine) ended(s *resource.Session, row *Execution, held bool, follows []*Execution) error {
	s = s.AsInstance("what waits for the end of an execution goes on with it")
	if row.Awaited != 0 {
		if err := e.nextTurn(s, row); err != nil {
			return err
		}
		err := reply(s, string(row.Parent), row.Step, row.Awaited, nil)
		if err != nil && err != errNobodyWaits && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if held {
		if err := endApprovals(s, row.ID, Withdrawn); err != nil {
			return err
		}
	}
	if row.Trigger == "schedule" {
		if err := startHeld(s, row); err != nil {
			return err
		}
	}
	for _, next := range follows {
		if err := e.plan(s, next); err != nil {
			return err
		}
	}
	return nil
}

// over does after the end of an execution is stored what can't be a part of that write.
func (e *Engine) over(row *Execution, held bool) error {
	if row.Awaited != 0 || row.Trigger == "schedule" || row.Status == Failed {
		e.alarm.Set() // somebody may go on by this
	}
	if !held {
		return nil
	}
	return e.cancelCalls(e.session(row.TenantID, row.ID, row.ActorID), row)
}

// plan stores an execution that is taken up as soon as the write is over.
func (e *Engine) plan(s *resource.Session, row *Execution) error {
	row.WakeAt = s.Now
	if err := insertExecution(s, row); err != nil {
		return err
	}
	return recordStart(s, row, "started")
}
