package flow

import (
	"errors"
	"fmt"
	"sync"

	"zygo/app/flow/memory"
	"zygo/app/flow/node"
	"zygo/app/value"
)

// What may be held at a moment, in bytes as memory.Meter counts them: what one step builds, what one execution has of all its
// steps, and what is left to executions of small machines.
const (
	mostOfStep      = 128 << 20
	mostOfExecution = 256 << 20
	leastOfAll      = 512 << 20

	// mostShown is how many bytes of inputs and outputs an answer has.
	mostShown = 32 << 20
)

// errNoMemory parks an execution until others have ended: parked it holds nothing.
var errNoMemory = &node.Error{
	OfStep:    true,
	Code:      "MEMORY",
	Message:   "The executions of the organization hold all the memory that they may.",
	Retryable: true,
}

// budget is the memory of all executions, and what each organization has of it: half at most, so that one leaves room for the
// others.
type budget struct {
	all                     *memory.Meter
	share, ofOne, ofOneStep int64
	shown                   int

	mu     sync.Mutex
	shares map[string]*memory.Meter
}

// newBudget gives executions half of what the process may take.
func newBudget(available int64) *budget {
	all := max(available/2, leastOfAll)
	return &budget{
		all:       memory.New(all, errNoMemory),
		share:     all / 2,
		ofOne:     mostOfExecution,
		ofOneStep: mostOfStep,
		shown:     mostShown,
		shares:    map[string]*memory.Meter{},
	}
}

// of gives the share of an organization.
func (b *budget) of(tenant string) *memory.Meter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shares[tenant] == nil {
		b.shares[tenant] = b.all.Part(b.share, errNoMemory)
	}
	return b.shares[tenant]
}

// execution gives the meter of one execution, or of a look at one.
func (b *budget) execution(tenant string) *memory.Meter {
	return b.of(tenant).Part(b.ofOne, &node.Error{
		OfStep:  true,
		Code:    "EXECUTION_TOO_LARGE",
		Message: fmt.Sprintf("What the nodes of the execution gave takes more than %d MiB.", b.ofOne>>20),
	})
}

// step gives the meter of one step of an execution.
func (b *budget) step(execution *memory.Meter) *memory.Meter {
	return execution.Part(b.ofOneStep, &node.Error{
		OfStep:  true,
		Code:    "OUTPUT_TOO_LARGE",
		Message: fmt.Sprintf("The node built more than %d MiB.", b.ofOneStep>>20),
	})
}

// sizeOf is about how many bytes items take in memory.
func sizeOf(items []value.Item) int {
	size := 0
	for _, item := range items {
		size += item.JSON.Size()
	}
	return size
}

// checkSize refuses outputs that could not be stored, before they are written out.
func checkSize(f *frame, outputs []node.Output) error {
	left := mostOutput
	for _, o := range outputs {
		if _, same := f.rangeOf(o.Items); same {
			continue
		}
		if left -= itemsLen(o.Items, left); left < 0 {
			return &node.Error{
				OfStep:  true,
				Code:    "OUTPUT_TOO_LARGE",
				Message: fmt.Sprintf("The node put out more than %d MiB.", mostOutput>>20),
			}
		}
	}
	return nil
}

// keep lets go of all that a step built but what it leaves behind: its outputs, in memory and as the journal has them.
func (r *run) keep(step *Step, f *frame, outputs []node.Output) {
	kept := len(step.Outputs) + len(step.Progress) + 2*len(step.Logs)
	for _, o := range outputs {
		if _, same := f.rangeOf(o.Items); !same {
			kept += sizeOf(o.Items)
		}
	}
	r.built.Keep(kept)
}

// replay gives the outputs of a step that the journal has.
func (r *run) replay(seq int, f *frame) ([]node.Output, error) {
	step := &r.journal[seq]
	outputs, err := r.engine.payloads.decodeOutputs(f, step.Outputs)
	if err != nil {
		return nil, err
	}
	r.keep(step, f, outputs)
	if err := r.memory.Take(0); err != nil {
		return nil, r.outOfMemory(seq, err)
	}
	return outputs, nil
}

// outOfMemory parks the execution for a while where others hold what it needs, and passes any other error on. A step that was
// under way begins anew.
func (r *run) outOfMemory(seq int, err error) error {
	if !errors.Is(err, errNoMemory) {
		return err
	}
	if seq >= 0 && !r.journal[seq].isFinal() {
		r.journal[seq].Status, r.journal[seq].ErrorCode, r.journal[seq].ErrorMessage = stepRetrying, errNoMemory.Code, errNoMemory.Message
	}
	return r.park(max(seq, 0), r.engine.kernel.Now().Add(shortestPark))
}
