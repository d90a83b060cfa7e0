package node

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/expression"
	"zygo/app/flow/memory"
	"zygo/app/flow/recipe"
	"zygo/app/value"
)

// run does the operation once per item.
func (k *connector) run(ctx context.Context, c *Call, parameters func(int) (any, error)) (Result, error) {
	return c.each(ctx, func(item int) ([]value.Value, error) {
		given, err := parameters(item)
		if err != nil {
			return nil, err
		}
		room := c.carried()
		defer room.Reset()
		d := &deed{connector: k, call: c, item: c.Items[item].JSON, key: fmt.Sprintf("%s:%d", c.Key, item), room: room}
		if err := d.take(reflect.ValueOf(given).Elem()); err != nil {
			return nil, err
		}
		return d.do(ctx)
	})
}

// deed is an operation for one item.
type deed struct {
	*connector
	call      *Call
	operation *recipe.Operation
	item      value.Value
	key       string
	room      *memory.Meter
	// connection are the fields of the connection as texts, the secrets among them. Nothing else sees a secret.
	connection map[string]string
	// known is $json: the fields, and the answers that came.
	known []value.Member
	most  int
}

// take reads the fields that the operation has. What is empty is left out.
func (d *deed) take(given reflect.Value) error {
	d.connection = map[string]string{}
	for _, f := range d.fields {
		v := f.Of(given)
		switch {
		case f.Name == operationField:
			d.operation = d.recipe.Operation(v.String())
			continue
		case d.operation != nil && f.When != nil && !d.has(f.Name):
			continue
		}
		read, err := d.read(f, v)
		if err != nil {
			return err
		}
		if f.When == nil {
			d.connection[f.Name] = strings.TrimSpace(read.Text())
			if read.IsMissing() {
				d.connection[f.Name] = ""
			}
		}
		switch {
		case read.IsMissing() && d.needs(f.Name):
			return fault.InvalidField(f.Name, "is required")
		case !read.IsMissing() && !f.Secrets:
			d.known = append(d.known, value.Member{Key: f.Name, Value: read})
		}
	}
	return nil
}

func (d *deed) has(name string) bool {
	return d.operation.Takes(name) || d.operation.Pages != nil && (name == "all" || name == "limit")
}

func (d *deed) needs(name string) bool {
	for i := range d.recipe.Connection {
		if d.recipe.Connection[i].Name == name {
			return !d.recipe.Connection[i].Optional
		}
	}
	return d.operation.Required(name)
}

// read is a field as a value, undefined for what is empty.
func (d *deed) read(f *field.Field, v reflect.Value) (value.Value, error) {
	switch {
	case v.IsZero() && f.Default == "", v.Kind() == reflect.String && strings.TrimSpace(v.String()) == "",
		v.Kind() == reflect.Slice && v.Len() == 0:
		return value.Value{}, nil
	}
	read, err := value.Parse(f.Type.AppendJSON(nil, v), value.Limits{})
	if err != nil {
		return read, fault.InvalidField(f.Name, "%s", err)
	}
	for i := range d.recipe.Fields {
		if of := &d.recipe.Fields[i]; of.Name == f.Name {
			return d.shape(of, read)
		}
	}
	return read, nil
}

// shape holds a value to what its recipe says.
func (d *deed) shape(of *recipe.Field, v value.Value) (value.Value, error) {
	switch of.Type {
	case "object":
		if k := v.Kind(); k != value.ObjectKind && k != value.ListKind && !v.IsMissing() {
			return v, fault.InvalidField(of.Name, "must be an object or a list")
		}
	case "file":
		file, err := oneFile(of.Name, v, d.item, d.room)
		return file.Value(), err
	}
	return v, nil
}

// environment is what the recipe's expressions see.
func (d *deed) environment() *expression.Environment {
	item := value.Item{JSON: value.Object(d.known...)}
	env := &expression.Environment{Item: item, Input: []value.Item{item}, Now: d.call.Now}
	if given := d.call.Environment; given != nil {
		env.Memory, env.Owner, env.Script = given.Memory, given.Owner, given.Script
	}
	if env.Script == nil && d.call.Services.Sandbox != nil {
		env.Script = d.call.Services.Sandbox.Script
	}
	return env
}

// do makes the requests and gives the items.
func (d *deed) do(ctx context.Context) ([]value.Value, error) {
	o := d.operation
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	q, err := d.request(ctx, &o.Request, d.key)
	if err != nil {
		return nil, err
	}
	if err := d.paged(q.p); err != nil {
		return nil, err
	}
	if o.Pages != nil {
		items, err := q.pages(ctx)
		if err != nil {
			return nil, err
		}
		return d.each(ctx, items[:min(len(items), d.limit(len(items)))])
	}
	answer, err := q.send(ctx)
	switch {
	case err != nil:
		return nil, err
	case o.Response == "file":
		return d.named(ctx, answer.values)
	}
	return d.items(ctx, answer)
}

// prepare makes the requests that come first, and calculates what the main one needs.
func (d *deed) prepare(ctx context.Context) error {
	o := d.operation
	for _, before := range o.Before {
		if isLeftOut, err := d.calculate(ctx, before); err != nil {
			return err
		} else if isLeftOut {
			continue
		}
		q, err := d.request(ctx, &before.Request, d.key+":"+before.Name)
		if err != nil {
			return err
		}
		answer, err := q.send(ctx)
		if err != nil {
			return err
		}
		d.know(before.Name, answer.whole)
	}
	calculated, err := o.Let.Evaluate(ctx, d.environment())
	if err != nil {
		return err
	}
	for name, v := range calculated.Members() {
		d.know(name, v)
	}
	if o.Mail == nil {
		return nil
	}
	raw, err := d.mail(ctx)
	d.know("raw", value.String(raw))
	return err
}

// calculate does without a request where the recipe says so.
func (d *deed) calculate(ctx context.Context, before *recipe.Named) (done bool, err error) {
	if before.When != nil {
		wanted, err := before.When.Evaluate(ctx, d.environment())
		if err != nil || !wanted.Truthy() {
			return true, err
		}
	}
	if before.Value == nil {
		return false, nil
	}
	v, err := before.Value.Evaluate(ctx, d.environment())
	d.know(before.Name, v)
	return true, err
}

func (d *deed) know(name string, v value.Value) {
	d.known = append(d.known, value.Member{Key: name, Value: v})
}

// each reads every entry of a list by its id, where the list has nothing else.
func (d *deed) each(ctx context.Context, entries []value.Value) ([]value.Value, error) {
	if d.operation.Each == nil && d.operation.Result() == nil {
		return entries, nil
	}
	var all []value.Value
	kept := d.call.Memory.Part(mostBuiltPages, errPagesTooLarge)
	defer kept.Reset()
	known := d.known
	for i, entry := range entries {
		d.known = append(known[:len(known):len(known)], value.Member{Key: "entry", Value: entry},
			value.Member{Key: "entry_id", Value: entry.Get("id")})
		read := &answer{whole: entry}
		if d.operation.Each != nil {
			q, err := d.request(ctx, d.operation.Each, fmt.Sprintf("%s:%d", d.key, i))
			if err != nil {
				return nil, err
			}
			if read, err = q.send(ctx); err != nil {
				return nil, err
			}
		}
		items, err := d.items(ctx, read)
		if err != nil {
			return nil, err
		}
		for _, made := range items {
			if err := kept.Take(made.Size()); err != nil {
				return nil, err
			}
		}
		all = append(all, items...)
	}
	return all, nil
}

// named gives the file of an answer the name that the recipe knows.
func (d *deed) named(ctx context.Context, items []value.Value) ([]value.Value, error) {
	name, err := d.operation.FileName.Evaluate(ctx, d.environment())
	if err != nil || name.IsMissing() || len(items) != 1 {
		return items, err
	}
	changed, err := items[0].Set(value.Path{value.Key("data"), value.Key("name")}, value.String(name.Text()))
	return []value.Value{changed}, err
}

func (d *deed) limit(all int) int {
	if d.most > 0 {
		return d.most
	}
	return all
}

// items are what the recipe makes of an answer.
func (d *deed) items(ctx context.Context, a *answer) ([]value.Value, error) {
	if d.operation.Result() == nil {
		if empty, _ := isEmpty(comparison{}, a.whole, value.Null()); empty && d.operation.Items == "" && a.whole.Kind() != value.ListKind {
			return []value.Value{value.Object(value.Member{Key: "success", Value: value.Bool(true)})}, nil
		}
		return a.values, nil
	}
	d.known = append(d.known, value.Member{Key: "answer", Value: a.whole})
	made, err := d.operation.Result().Evaluate(ctx, d.environment())
	if err != nil {
		return nil, err
	}
	switch made.Kind() {
	case value.UndefinedKind, value.NullKind:
		return nil, nil
	case value.ListKind:
		var all []value.Value
		for _, element := range made.Elements() {
			all = append(all, asObject(element))
		}
		return all, nil
	}
	return []value.Value{asObject(made)}, nil
}
