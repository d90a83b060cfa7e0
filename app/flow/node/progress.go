package node

import (
	"fmt"
	"slices"

	"zygo/app/value"
)

// NewProgress is that of a node that did nothing yet.
func NewProgress() *Progress { return &Progress{map[int][]value.Value{}, map[int]*Error{}} }

// Value gives the progress as a value that can be stored; it is missing if there is none:
//
//	{"done": [[item, [values]]], "failed": [[item, {code, message, status, body}]]}
func (p *Progress) Value() value.Value {
	if len(p.done)+len(p.failed) == 0 {
		return value.Value{}
	}
	var done, failed []value.Value
	for _, i := range sorted(p.done) {
		done = append(done, value.List(value.Int(int64(i)), value.List(p.done[i]...)))
	}
	for _, i := range sorted(p.failed) {
		f := p.failed[i]
		failed = append(failed, value.List(value.Int(int64(i)), value.Object(
			value.Member{Key: "code", Value: value.String(f.Code)}, value.Member{Key: "message", Value: value.String(f.Message)},
			value.Member{Key: "status", Value: value.Int(int64(f.Status))}, value.Member{Key: "body", Value: f.Body})))
	}
	return value.Object(value.Member{Key: "done", Value: value.List(done...)}, value.Member{Key: "failed", Value: value.List(failed...)})
}

func sorted[V any](of map[int]V) []int {
	var all []int
	for i := range of {
		all = append(all, i)
	}
	slices.Sort(all)
	return all
}

// ReadProgress reads what Value gave.
func ReadProgress(text []byte) (*Progress, error) {
	p := NewProgress()
	if len(text) == 0 {
		return p, nil
	}
	stored, err := value.Parse(text, value.Limits{})
	if err != nil {
		return nil, fmt.Errorf("read a step's progress: %w", err)
	}
	for _, one := range stored.Get("done").Elements() {
		var values []value.Value
		for _, v := range one.At(1).Elements() {
			values = append(values, v)
		}
		p.done[itemOf(one)] = values
	}
	for _, one := range stored.Get("failed").Elements() {
		f := one.At(1)
		status, _ := f.Get("status").Whole()
		p.failed[itemOf(one)] = &Error{Code: f.Get("code").Raw(), Message: f.Get("message").Raw(), Status: int(status), Body: f.Get("body")}
	}
	return p, nil
}

func itemOf(entry value.Value) int {
	item, _ := entry.At(0).Whole()
	return int(item)
}
