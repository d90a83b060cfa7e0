package node

import (
	"context"
	"errors"
	"fmt"

	"zygo/app/fault"
	"zygo/app/value"
)

// Progress is what a node that works item by item is through with: its next attempt does neither what was done again nor what
// can't be.
type Progress struct {
	done   map[int][]value.Value
	failed map[int]*Error
}

// ItemError is why one item failed, while the others were done.
type ItemError struct {
	Index int
	Err   *Error
}

// each does something for each item and puts out what it gives. Where the step goes on after an error, an item that fails keeps
// none of the others from being done; else the first one ends the run. Either way what was done is done once.
func (c *Call) each(ctx context.Context, do func(item int) ([]value.Value, error)) (Result, error) {
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	if c.Progress.done == nil {
		*c.Progress = Progress{map[int][]value.Value{}, map[int]*Error{}}
	}
	out := Output{Name: Main}
	var failed []ItemError
	for i := range c.Items {
		if failure := c.Progress.failed[i]; failure != nil {
			failed = append(failed, ItemError{i, failure})
			continue
		}
		values, done := c.Progress.done[i]
		if !done {
			var err error
			values, err = do(i)
			failure := itemError(err)
			switch {
			case err != nil && (failure == nil || ctx.Err() != nil):
				return Result{}, err
			case err != nil && !c.GoesOn:
				return Result{}, ofItem(failure, i, len(c.Items))
			case err != nil:
				if failed = append(failed, ItemError{i, failure}); !failure.Retryable {
					c.Progress.failed[i] = failure
				}
				continue
			}
			c.Progress.done[i] = values
		}
		for _, v := range values {
			if err := c.put(&out, value.Item{JSON: v, From: value.Origin{Index: i}}); err != nil {
				return Result{}, err
			}
		}
	}
	return Result{Outputs: []Output{out}, Failed: failed}, nil
}

// itemError is a failure of one item; nil for what concerns the whole run, such as the end of its time or memory.
func itemError(err error) *Error {
	var failure *Error
	if errors.As(err, &failure) {
		if failure.OfStep {
			return nil
		}
		return failure
	}
	if f, ok := fault.As(err); ok {
		return &Error{Code: string(f.Code), Message: f.Message, Cause: err}
	}
	return nil
}

// ofItem says which item failed, and what was done before it.
func ofItem(failure *Error, item, items int) *Error {
	if items < 2 {
		return failure
	}
	named := *failure
	named.Message = fmt.Sprintf("Item %d of %d: %s", item+1, items, failure.Message)
	if item > 0 {
		named.Message += fmt.Sprintf(" Those before it, %d, were done.", item)
	}
	return &named
}
