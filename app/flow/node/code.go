package node

import (
	"context"
	"errors"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// Code runs JavaScript in the sandbox.
type Code struct {
	Mode    CodeMode   `z:"default=all,literal"`
	Source  field.Code `z:"required,literal,max=262144,help=Return a list of items, or with each item an object."`
	Timeout int        `z:"default=10,min=1,max=60,fold,literal,help=In seconds."`
}

// CodeMode says how often the code runs.
type CodeMode string

// Choices are the modes.
func (CodeMode) Choices() []field.Choice {
	return []field.Choice{{Value: "all", Label: "Once for all items"}, {Value: "each", Label: "For each item"}}
}

func code() *Type {
	return Declare(Type{
		Name: "code", Version: 1, Category: "integration", Title: "Code", Icon: "code",
		Help: "Runs JavaScript without network and files.",
	}, runCode)
}

// refer tells what the source mentions.
func (p *Code) refer(c *compiler) {
	c.mention(expression.Find(string(p.Source)).Nodes, nil)
	c.node.scripts = append(c.node.scripts, script{place: "source", source: string(p.Source), mode: sandbox.Check})
}

// Check refuses secrets: code could send them anywhere later.
func (p *Code) Check() error {
	if expression.Find(string(p.Source)).Has("$secrets") {
		return fault.InvalidField("source", "can't use secrets")
	}
	return nil
}

func runCode(ctx context.Context, c *Call, parameters func(int) (*Code, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	program := sandbox.Program{
		Source:      string(p.Source),
		Mode:        sandbox.All,
		Environment: c.Environment,
		Time:        time.Duration(p.Timeout) * time.Second,
	}
	if p.Mode == "each" {
		program.Mode = sandbox.Each
	}
	program.Environment.Input = c.Items
	result, err := c.Services.Sandbox.Run(ctx, program)
	for line := range strings.Lines(result.Logs) {
		c.Log(strings.TrimSuffix(line, "\n"))
	}
	if err != nil {
		var failed *sandbox.Error
		if errors.As(err, &failed) {
			err = &Error{
				Code:      strings.ToUpper(string(failed.Failure)),
				Message:   failed.Error(),
				Retryable: failed.Failure == sandbox.Broken,
				Cause:     err,
			}
		}
		return Result{}, err
	}
	if err := c.Memory.Take(result.Value.Size()); err != nil {
		return Result{}, err
	}
	items, err := p.items(result.Value, c.Items)
	return Result{Outputs: []Output{{Main, items}}}, err
}

// items reads what the code returned: items {json, files}, plain objects, or one of either. Without a hint in pairedItem
// (a number, or {item}), an item comes from the input of the same place, if there are as many, or from the only one.
func (p *Code) items(v value.Value, input []value.Item) ([]value.Item, error) {
	list := []value.Value{}
	switch v.Kind() {
	case value.ListKind:
		for _, element := range v.Elements() {
			list = append(list, element)
		}
	case value.ObjectKind:
		list = append(list, v)
	case value.NullKind:
	case value.UndefinedKind:
		return nil, &Error{Code: "SCRIPT_RESULT", Message: "The code returned nothing. Return items or objects, or [] for none."}
	default:
		return nil, wrongResult("a " + v.Kind().String())
	}
	if len(list) > mostItems {
		return nil, errTooManyItems
	}
	var out []value.Item
	for i, element := range list {
		if element.IsMissing() && p.Mode == "each" {
			continue // the code let this item go
		}
		if element.Kind() != value.ObjectKind {
			return nil, wrongResult("a list with a " + element.Kind().String())
		}
		item := value.Item{JSON: element, From: value.Origin{Index: i}}
		if p.Mode != "each" {
			item.From.Index = origin(element, i, len(list), len(input))
		}
		if json := element.Get("json"); json.Kind() == value.ObjectKind {
			item.JSON = json
			item.Files = known(element.Get("files"), input)
		} else if json.Kind() != value.UndefinedKind {
			return nil, wrongResult("an item whose json is a " + json.Kind().String())
		}
		if err := tooDeep(item.JSON); err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

func wrongResult(what string) error {
	return &Error{Code: "SCRIPT_RESULT", Message: "The code must return items or objects, and returned " + what + "."}
}

// origin is the index of the input item that an item was made from; 0 where nobody can tell.
func origin(element value.Value, i, outputs, inputs int) int {
	paired := element.Get("pairedItem")
	if paired.Kind() == value.ObjectKind {
		paired = paired.Get("item")
	}
	if given, ok := paired.Whole(); ok && given >= 0 && given < int64(inputs) {
		return int(given)
	}
	if from, ok := element.Get("from").Get("index").Whole(); ok && element.Get("json").Kind() == value.ObjectKind && from >= 0 &&
		from < int64(inputs) && outputs != inputs {
		return int(from)
	}
	if outputs == inputs {
		return i
	}
	return 0
}

// known keeps the files that the input had: a script can't make up a handle on somebody else's file.
func known(files value.Value, input []value.Item) []value.File {
	var kept []value.File
	for slot, f := range files.Members() {
		for _, item := range input {
			for _, file := range item.Files {
				if file.ID == f.Get("id").Raw() {
					file.Slot = slot
					kept = append(kept, file)
				}
			}
		}
	}
	return kept
}
