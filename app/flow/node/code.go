package node

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// Code runs JavaScript in the sandbox.
type Code struct {
	Mode    CodeMode   `z:"default=all,literal"`
	Source  field.Code `z:"required,literal,max=262144,help=Return a list of items, or with each item an object."`
	OneItem bool       `z:"fold,literal,when=mode:each,label=Only one item at a time,help=Code that names $input.all, first or last fails, as it does in n8n."`
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
	if len(expression.Find(string(p.Source)).Secrets) > 0 {
		return fault.InvalidField("source", "can't use secrets")
	}
	return nil
}

func runCode(ctx context.Context, c *Call, parameters func(int) (*Code, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if err := p.checkInput(); err != nil {
		return Result{}, err
	}
	program := sandbox.Program{
		Source:      string(p.Source),
		Mode:        sandbox.All,
		Environment: c.Environment,
		Time:        time.Duration(p.Timeout) * time.Second,
	}
	if p.Mode == "each" {
		program.Mode, program.GoesOn = sandbox.Each, c.GoesOn || c.AsInN8n
	}
	program.Environment.Input = c.Items
	if c.AsInN8n {
		program.Environment.Execution.Mode = map[bool]string{true: "test", false: "production"}[c.Environment.Execution.Mode == "manual"]
	}
	result, err := c.Services.Sandbox.Run(ctx, program)
	for line := range strings.Lines(result.Logs) {
		c.Log(strings.TrimSuffix(line, "\n"))
	}
	if err != nil {
		return c.scriptFailed(err)
	}
	if err := c.Memory.Take(result.Value.Size()); err != nil {
		return Result{}, err
	}
	returned, failed := result.Value, []ItemError(nil)
	if program.GoesOn {
		returned, failed = divided(returned)
		for i := range failed {
			if c.AsInN8n {
				failed[i].Err.Message = withoutKind(failed[i].Err.Message)
			}
		}
		switch {
		case len(failed) > 0 && !c.GoesOn:
			return Result{}, ofItem(failed[0].Err, failed[0].Index, len(c.Items), failed[0].Index)
		case len(failed) == 0 && !c.AsInN8n && isForgotten(result.Value):
			return Result{}, &Error{Code: "SCRIPT_ERROR", Message: "The code returned nothing for any item. Return an object, or null to leave an item out."}
		}
	}
	items, err := p.items(returned, c)
	return Result{Outputs: []Output{{Main, items}}, Failed: failed}, err
}

// ofInput are the names by which code asks for all items.
var ofInput = regexp.MustCompile(`\$input\.(first|last|all|itemMatching)\b`)

// checkInput refuses code that may use one item at a time and names others, outside of comments.
func (p *Code) checkInput() error {
	number := 0
	for line := range strings.Lines(string(p.Source)) {
		number++
		line = strings.TrimSpace(line)
		isComment := strings.HasPrefix(line, "//") || strings.HasPrefix(line, "*") || strings.HasPrefix(line, "/*")
		if named := ofInput.FindStringSubmatch(line); p.OneItem && p.Mode == "each" && named != nil && !isComment {
			return &Error{Code: "SCRIPT_ERROR", Message: fmt.Sprintf("Can't use .%s() here [line %d, for item 0]", named[1], number)}
		}
	}
	return nil
}

// scriptFailed is what comes of a script that failed.
func (c *Call) scriptFailed(err error) (Result, error) {
	var failed *sandbox.Error
	if !errors.As(err, &failed) {
		return Result{}, err
	}
	if c.AsInN8n {
		return c.scriptFailedInN8n(failed)
	}
	told := &Error{Code: strings.ToUpper(string(failed.Failure)), Message: failed.Error(), Retryable: failed.Failure == sandbox.Broken,
		Cause: err}
	return Result{}, told
}

// scriptFailedInN8n says what was thrown without its kind, and goes on with that in the place of all items.
func (c *Call) scriptFailedInN8n(failed *sandbox.Error) (Result, error) {
	told := &Error{Code: strings.ToUpper(string(failed.Failure)), Message: withoutKind(failed.Message), Cause: failed,
		Retryable: failed.Failure == sandbox.Broken}
	if line := fmt.Sprintf(" [line %d]", failed.Line); failed.Line > 0 && !strings.HasSuffix(told.Message, line) {
		told.Message += line
	}
	if c.GoesOn && failed.Failure == sandbox.ScriptError && len(c.Items) > 0 {
		return Result{Outputs: []Output{{Name: Main}}, Failed: []ItemError{{Err: told, ForAll: true}}}, nil
	}
	return Result{}, told
}

// withoutKind is the message of an error without the name of its class.
func withoutKind(message string) string {
	if kind, said, found := strings.Cut(message, ": "); found && strings.HasSuffix(kind, "Error") && !strings.Contains(kind, " ") {
		return said
	}
	return message
}

// isForgotten tells that the code returned nothing for any item, not even null.
func isForgotten(results value.Value) bool {
	for _, one := range results.Elements() {
		if one.Get("value").Kind() != value.UndefinedKind {
			return false
		}
	}
	return results.Len() > 0
}

// divided are what the code returned for each item, null for one that failed, and the failures.
func divided(results value.Value) (value.Value, []ItemError) {
	var returned []value.Value
	var failed []ItemError
	for i, one := range results.Elements() {
		if said := one.Get("failed"); !said.IsMissing() {
			failed = append(failed, ItemError{Index: i, Err: &Error{Code: "SCRIPT_ERROR", Message: said.Text()}})
		}
		returned = append(returned, one.Get("value"))
	}
	return value.List(returned...), failed
}

// items reads what the code returned: items {json, files}, plain objects, or one of either. Without a hint in pairedItem
// (a number, or {item}), an item comes from the input of the same place, if there are as many, or from the only one.
func (p *Code) items(v value.Value, c *Call) ([]value.Item, error) {
	input := c.Items
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
			if item.From.Index = origin(element, i, len(list), len(input)); c.AsInN8n {
				item.From.Index, item.Also = originInN8n(element, i, len(list), len(input))
			}
		}
		if json := element.Get("json"); json.Kind() == value.ObjectKind {
			if item.JSON = json; c.AsInN8n {
				var err error
				if item.JSON, err = withBinary(json, element); err != nil {
					return nil, err
				}
			}
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

// withBinary is the JSON of an item that a script for n8n returned, with its files as fields. n8n knows no other parts of an item.
func withBinary(json, item value.Value) (value.Value, error) {
	for part := range item.Members() {
		if !slices.Contains(partsInN8n, part) {
			return json, wrongResult("an item with the part " + part)
		}
	}
	if !json.Get("__proto__").IsMissing() {
		var kept []value.Member
		for name, v := range json.Members() {
			if name != "__proto__" {
				kept = append(kept, value.Member{Key: name, Value: v})
			}
		}
		json = value.Object(kept...)
	}
	for slot, file := range item.Get("binary").Members() {
		made := value.Object(value.Member{Key: "name", Value: value.String(file.Get("fileName").Text())},
			value.Member{Key: "media_type", Value: value.String(file.Get("mimeType").Text())},
			value.Member{Key: "base64", Value: file.Get("data")})
		if _, ok := content.FileOf(made); ok {
			json, _ = json.Set(value.Path{value.Key(slot)}, made) // a field of an object can be set
		}
	}
	return json, nil
}

var partsInN8n = []string{"json", "binary", "pairedItem", "error", "files", "from", "index"}

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

// originInN8n is origin where nothing is guessed: -1 where no item, or one that is not there, is named, and the counts differ. An item
// may name several.
func originInN8n(element value.Value, i, outputs, inputs int) (first int, also []value.Origin) {
	paired := element.Get("pairedItem")
	list := []value.Value{paired}
	if paired.Kind() == value.ListKind {
		list = nil
		for _, one := range paired.Elements() {
			list = append(list, one)
		}
	}
	first = -1
	for _, one := range list {
		if one.Kind() == value.ObjectKind {
			one = one.Get("item")
		}
		if at, ok := one.Whole(); ok && at >= 0 && at < int64(inputs) {
			if first < 0 {
				first = int(at)
			} else {
				also = append(also, value.Origin{Index: int(at)})
			}
		}
	}
	switch {
	case !paired.IsMissing() || inputs == 0:
	case outputs == inputs:
		first = i
	case inputs == 1:
		first = 0
	}
	return first, also
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
