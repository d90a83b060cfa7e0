package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"zygo/app/flow/expression"
	"zygo/app/value"
)

// request encodes a program with what its source mentions of the environment. A script over one item must not carry the
// ten thousand others along.
func (p *Pool) request(ctx context.Context, program Program) (request, error) {
	r := request{mode: program.Mode, time: program.Time, source: []byte(program.Source)}
	if r.time <= 0 {
		r.time = DefaultTime
	}
	r.time = min(r.time, LongestTime)
	if len(r.source) > LongestSource {
		return r, &Error{Failure: InputTooLarge, Message: fmt.Sprintf("the script has %d bytes, %d are allowed", len(r.source), LongestSource)}
	}
	env := program.Environment
	if env == nil {
		env = &expression.Environment{}
	}
	e := &encoder{mentions: expression.Find(program.Source), env: env, each: program.Mode == Each, to: []byte{'{'}}
	if program.Mode != Check && program.Mode != CheckExpression {
		e.items()
		e.nodes()
		e.names()
		if slices.ContainsFunc([]string{"$now", "$today", "DateTime"}, e.mentions.Has) {
			r.times = true
			e.member("now").raw(strconv.FormatInt(env.Now.UnixMilli(), 10))
			e.member("zone").raw(p.zones.of(env.Now.Location()))
		}
		if err := e.secrets(ctx); err != nil {
			return r, err
		}
	}
	r.data = append(e.to, '}')
	if len(r.data) > mostData {
		return r, &Error{Failure: InputTooLarge, Message: "the items that the script reads are larger than 16 MiB"}
	}
	return r, nil
}

// encoder writes the members of one JSON object.
type encoder struct {
	to       []byte
	mentions expression.Mentions
	env      *expression.Environment
	each     bool
}

func (e *encoder) member(name string) *encoder {
	if len(e.to) > 1 && e.to[len(e.to)-1] != '{' {
		e.to = append(e.to, ',')
	}
	e.to = append(value.AppendString(e.to, name), ':')
	return e
}

func (e *encoder) raw(text string) { e.to = append(e.to, text...) }

func (e *encoder) value(v value.Value) { e.to = v.AppendJSON(e.to) }

func (e *encoder) items() {
	e.member("index").raw(strconv.Itoa(e.env.Index))
	if e.each || e.mentions.Has("$input") || e.mentions.Has("items") {
		e.member("input")
		e.to = value.AppendItems(e.to, e.env.Input)
	} else if slices.ContainsFunc([]string{"$json", "$files", "$binary", "$input", "item", "items"}, e.mentions.Has) {
		e.member("item").value(e.env.Item.Value())
	}
}

// nodes writes for each mentioned node its items, and the ancestor of the current item or of every input item. A node that
// hasn't run is null.
func (e *encoder) nodes() {
	e.member("nodes")
	e.to = append(e.to, '{')
	for _, name := range e.mentions.Nodes {
		e.member(name)
		items, err := e.env.Items(name)
		if err != nil {
			e.raw("null")
			continue
		}
		e.to = append(e.to, `{"all":`...)
		e.to = value.AppendItems(e.to, items)
		of := []value.Item{e.env.Item}
		if e.each {
			of = e.env.Input
		}
		e.to = append(e.to, `,"at":[`...)
		for i, item := range of {
			if i > 0 {
				e.to = append(e.to, ',')
			}
			if ancestor, ok := e.env.Nodes.Ancestor(name, item); ok {
				e.value(ancestor.Value())
			} else {
				e.raw("null")
			}
		}
		e.to = append(e.to, "]}"...)
	}
	e.to = append(e.to, '}')
}

func (e *encoder) names() {
	for name, v := range map[string]value.Value{"$vars": e.env.Vars, "$env": e.env.Env,
		"$workflow": e.env.Workflow.Value(), "$execution": e.env.Execution.Value()} {
		if e.mentions.Has(name) && !v.IsMissing() {
			e.member(name).value(v)
		}
	}
}

func (e *encoder) secrets(ctx context.Context) error {
	if len(e.mentions.Secrets) == 0 {
		return nil
	}
	e.member("$secrets")
	e.to = append(e.to, '{')
	for _, name := range e.mentions.Secrets {
		secret, err := e.env.UseSecret(ctx, name)
		if err != nil {
			return err
		}
		e.member(name).value(value.String(secret))
	}
	e.to = append(e.to, '}')
	return nil
}

// zones remembers how time zones are written. There are some six hundred, so it stays small.
type zones struct{ written sync.Map }

// of is a zone as JSON: its name and its changes of offset, as pairs of milliseconds since 1970 and seconds east of UTC.
// The engine knows no time zones, and the worker has no files to read them from.
func (z *zones) of(location *time.Location) string {
	if known, ok := z.written.Load(location.String()); ok {
		return known.(string)
	}
	to := append([]byte(nil), `{"name":`...)
	to = value.AppendString(to, location.String())
	to = append(to, `,"changes":[`...)
	from, last := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	_, written := from.In(location).Zone()
	to = fmt.Appendf(to, "[%d,%d]", from.UnixMilli(), written)
	for at := from.In(location); at.Before(last); {
		_, end := at.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(at) {
			// On the last day of a leap year ZoneBounds may give a period that doesn't reach behind the time asked for.
			end = at.Add(24 * time.Hour)
		}
		at = end
		if _, offset := at.Zone(); offset != written {
			to = fmt.Appendf(to, ",[%d,%d]", at.UnixMilli(), offset)
			written = offset
		}
	}
	text := string(append(to, "]}"...))
	z.written.Store(location.String(), text)
	return text
}
