package node

import (
	"context"
	"fmt"
	"runtime/debug"

	"zygo/app/value"
)

// work is what is done for an item. The work for other items may be under way at the same time.
type work func() ([]value.Value, error)

// eachAtOnce is each for work of which several may be under way. Ready prepares the work for an item, for one item after the other,
// and says how many may be under way with it. Items keep their order. Where a failure ends the run, what is under way comes to its
// own end first, because it may have an effect, and that is never repeated.
func (c *Call) eachAtOnce(ctx context.Context, ready func(item int) (work, int, error)) (Result, error) {
	if c.Progress == nil {
		c.Progress = NewProgress()
	}
	b := &batch{call: c, ends: make(chan workEnd), failed: map[int]*Error{}}
	for i := 0; i < len(c.Items) && b.stopped == nil; i++ {
		if values, done := c.Progress.done[i]; done {
			b.keep(values)
		} else if failure := c.Progress.failed[i]; failure != nil {
			b.leaveOut(i, failure)
		} else {
			b.do(ctx, i, ready)
		}
	}
	for b.underWay > 0 {
		b.settleNext(ctx)
	}
	return b.result()
}

// batch is the work for the items of a run.
type batch struct {
	call     *Call
	ends     chan workEnd
	underWay int
	// made counts the items that are put out, and failed has those of which nothing is.
	made   int
	failed map[int]*Error
	// stopped ends the run, for the failure of one item where that is why.
	stopped error
	failure *ItemError
}

// workEnd is what came of the work for an item.
type workEnd struct {
	item   int
	values []value.Value
	err    error
}

// do begins the work for an item once there is room for it. Work that is alone is done within the call.
func (b *batch) do(ctx context.Context, item int, ready func(item int) (work, int, error)) {
	do, most, err := ready(item)
	for b.underWay > 0 && (err != nil || b.underWay >= most) {
		b.settleNext(ctx)
	}
	switch {
	case b.stopped != nil:
	case err != nil:
		b.settle(ctx, workEnd{item: item, err: err})
	case most <= 1:
		values, err := do()
		b.settle(ctx, workEnd{item, values, err})
	default:
		b.underWay++
		go func() {
			end := workEnd{item: item}
			defer func() {
				if p := recover(); p != nil {
					end.err = fmt.Errorf("the work for item %d panicked: %v\n%s", item, p, debug.Stack())
				}
				b.ends <- end
			}()
			end.values, end.err = do()
		}()
	}
}

func (b *batch) settleNext(ctx context.Context) {
	end := <-b.ends
	b.underWay--
	b.settle(ctx, end)
}

// settle keeps what came of the work for an item.
func (b *batch) settle(ctx context.Context, end workEnd) {
	failure := itemError(end.err)
	switch {
	case end.err == nil:
		b.call.Progress.done[end.item] = end.values
		b.keep(end.values)
	case failure == nil || ctx.Err() != nil:
		b.stop(end.err)
	case !b.call.GoesOn:
		if b.stopped == nil {
			b.failure = &ItemError{Index: end.item, Err: failure}
		}
		b.stop(failure)
	default:
		if !failure.Retryable {
			b.call.Progress.failed[end.item] = failure
		}
		b.leaveOut(end.item, failure)
	}
}

// keep counts the items that are put out.
func (b *batch) keep(values []value.Value) {
	if b.made += len(values); b.made > mostItems {
		b.stop(errTooManyItems)
	}
	for _, v := range values {
		b.stop(b.call.Memory.Take(v.Size()))
	}
}

func (b *batch) leaveOut(item int, failure *Error) {
	b.failed[item] = failure
	b.stop(b.call.Memory.Take(failure.Body.Size()))
}

// stop ends the run with the first error.
func (b *batch) stop(err error) {
	if b.stopped == nil {
		b.stopped = err
	}
}

// result is what the run puts out.
func (b *batch) result() (Result, error) {
	c := b.call
	switch {
	case b.failure != nil:
		return Result{}, ofItem(b.failure.Err, b.failure.Index, len(c.Items), len(c.Progress.done))
	case b.stopped != nil:
		return Result{}, b.stopped
	}
	out := Output{Name: Main}
	var failed []ItemError
	for i := range c.Items {
		if failure := b.failed[i]; failure != nil {
			failed = append(failed, ItemError{Index: i, Err: failure})
			continue
		}
		for _, v := range c.Progress.done[i] {
			out.Items = append(out.Items, value.Item{JSON: v, From: value.Origin{Index: i}})
		}
	}
	return Result{Outputs: []Output{out}, Failed: failed}, nil
}
