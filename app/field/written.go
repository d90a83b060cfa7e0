package field

import (
	"errors"
	"reflect"
	"strings"
)

// writtenType is a line of text in a form of its own, such as an e-mail address: what people write is brought into the
// form or refused, so that the same thing is always stored as the same text. Empty is none.
type writtenType struct {
	textType
	name    string
	schema  Schema
	longest int
	// read brings a text, without spaces around it, into the form. Its error says what the text must be.
	read func(text string) (string, error)
}

func (t writtenType) Name() string { return t.name }

func (t writtenType) Schema(f *Field) Schema {
	schema := Schema{"type": "string", "maxLength": f.longest(t.longest)}
	for key, value := range t.schema {
		schema[key] = value
	}
	return schema
}

func (t writtenType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err != nil {
		return err
	}
	return t.FromText(f, text, v)
}

func (t writtenType) FromText(_ *Field, text string, v reflect.Value) error {
	text = strings.TrimSpace(text)
	if text != "" {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7F }) {
			return errors.New("must be one line")
		}
		var err error
		if text, err = t.read(text); err != nil {
			return err
		}
	}
	v.SetString(text)
	return nil
}

func (t writtenType) Check(f *Field, v reflect.Value) string {
	return f.checkLength(v.String(), t.longest)
}
