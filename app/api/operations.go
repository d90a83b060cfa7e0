package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/request"
	"zygo/app/resource"
)

// operation serves a hand-written operation of an area.
func (a *API) operation(o resource.Operation) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		in := reflect.New(o.In)
		if err := decodeInto(r, in); err != nil {
			return nil, err
		}
		if o.Creates {
			body, err := request.Once(p.Session, repeatable(r), func(s *resource.Session) ([]byte, error) {
				out, err := o.Call(s, in.Interface())
				if err != nil {
					return nil, err
				}
				return json.Marshal(out)
			})
			if err != nil {
				return nil, err
			}
			return envelope(http.StatusCreated, body), nil
		}
		out, err := o.Call(p.Session, in.Interface())
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(out)
		if err != nil {
			return nil, err
		}
		status := http.StatusOK
		if accepted, ok := out.(resource.Accepted); ok && accepted.Accepted() {
			status = http.StatusAccepted
		}
		return envelope(status, data), nil
	})
}

// decodeInto fills an operation's input: the body first, then what path, query and headers name.
func decodeInto(r *edge.Request, in reflect.Value) error {
	if err := requireJSON(r); err != nil {
		return err
	}
	if len(r.Body) > 0 {
		given, err := resource.DecodeInput(r.Body)
		if err != nil {
			return err
		}
		names := jsonNames(in.Type().Elem())
		for name := range given {
			if !names[name] {
				return fault.InvalidField(name, "is no field of this operation")
			}
		}
		if err := json.Unmarshal(r.Body, in.Interface()); err != nil {
			return fault.New(fault.BadRequest, "A field of the body has the wrong type.").Because(err)
		}
	}
	of := in.Type().Elem()
	for i := range of.NumField() {
		tag := of.Field(i).Tag
		text, source := "", "path"
		if name := tag.Get("path"); name != "" {
			text = r.Param(name)
		} else if name := tag.Get("query"); name != "" {
			text, source = r.Query.Get(name), name
		} else if name := tag.Get("header"); name != "" {
			text, source = r.Header.Get(name), name
		}
		if text == "" {
			continue
		}
		if err := setText(in.Elem().Field(i), text); err != nil {
			return fault.New(fault.BadRequest, "The parameter %s is not valid.", source)
		}
	}
	return nil
}

func jsonNames(of reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range of.NumField() {
		if name := of.Field(i).Tag.Get("json"); name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}

func setText(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		v.SetInt(n)
	}
	return nil
}
