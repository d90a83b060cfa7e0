package node

import (
	"context"
	"errors"
	"fmt"

	"zygo/app/fault"
	"zygo/app/value"
)

// Progress is how far a node came that works item by item. Its next attempt repeats neither an item that was done nor one that can't
// be done.
type Progress struct {
	done   map[int][]value.Value
	failed map[int]*Error
}

// ItemError is why one item failed, while the others were done.
type ItemError struct {
	Index int
	Err   *Error
	// ForAll tells that one failure stands for all items.
	ForAll bool
}

// each does something for each item and puts out what it gives. If the step goes on after an error, the other items are done
// although one failed; otherwise the first failure ends the run. In both cases no item is done twice.
func (c *Call) each(ctx context.Context, do func(item int) ([]value.Value, error)) (Result, error) {
	return c.eachAtOnce(ctx, func(i int) (work, int, error) {
		return func() ([]value.Value, error) { return do(i) }, 1, nil
	})
}

// change puts out each item with the JSON that it becomes. It is each for what is pure: nothing is kept for another attempt.
func (c *Call) change(to func(item int) (value.Value, error)) (Result, error) {
	return c.spread(func(i int, put func(value.Item) error) error {
		json, err := to(i)
		if err != nil {
			return err
		}
		return put(value.Item{JSON: json, Files: c.Items[i].Files})
	})
}

// spread is change for what makes any number of items of one. Of an item that fails nothing is put out.
func (c *Call) spread(do func(item int, put func(value.Item) error) error) (Result, error) {
	out := Output{Name: Main}
	var failed []ItemError
	for i := range c.Items {
		before := len(out.Items)
		err := do(i, func(item value.Item) error {
			item.From = value.Origin{Index: i}
			return c.put(&out, item)
		})
		failure := itemError(err)
		switch {
		case err == nil:
		case failure == nil:
			return Result{}, err
		case !c.GoesOn:
			return Result{}, ofItem(failure, i, len(c.Items), i)
		default:
			out.Items, failed = out.Items[:before], append(failed, ItemError{Index: i, Err: failure})
		}
	}
	return Result{Outputs: []Output{out}, Failed: failed}, nil
}

// with sets a value in an item, at the path that a parameter names.
func with(item value.Value, parameter, path string, v value.Value) (value.Value, error) {
	to, err := pathIn(parameter, path)
	if err != nil {
		return item, err
	}
	changed, err := item.Set(to, v)
	if err != nil {
		return item, fault.InvalidField(parameter, "%s", err)
	}
	return changed, tooDeep(changed)
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

// ofItem says which item failed, and how many were done.
func ofItem(failure *Error, item, items, done int) *Error {
	if items < 2 {
		return failure
	}
	named := *failure
	named.Message = fmt.Sprintf("Item %d of %d: %s", item+1, items, failure.Message)
	if done > 0 {
		named.Message += fmt.Sprintf(" Items done before it: %d.", done)
	}
	return &named
}
