package node

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/flow/content"
	"zygo/app/mailbox"
	"zygo/app/value"
)

// Read takes what was sent for the fields of the form. What is sent beyond them counts for nothing; the faults name fields.
func (f *Form) Read(sent value.Value) ([]value.Member, error) {
	var faults []fault.Field
	var members []value.Member
	for i := range f.Fields {
		one := &f.Fields[i]
		v, wrong := one.read(sent.Get(one.Name))
		switch {
		case wrong != "":
			faults = append(faults, fault.Field{Field: one.Name, Message: wrong})
		case !v.IsMissing():
			members = append(members, value.Member{Key: one.Name, Value: v})
		case one.Required:
			faults = append(faults, fault.Field{Field: one.Name, Message: "is required"})
		}
	}
	if len(faults) > 0 {
		return nil, fault.InvalidFields(faults)
	}
	return members, nil
}

// read gives the value of a field, missing for none, or says what is wrong with it.
func (f *FormField) read(sent value.Value) (v value.Value, wrong string) {
	var all []value.Value
	// An input that was left empty counts for nothing, and neither does the one that stands for a file before one is chosen.
	add := func(v value.Value) {
		if !v.IsMissing() && (v.Kind() != value.StringKind || strings.TrimSpace(v.Raw()) != "") {
			all = append(all, v)
		}
	}
	if sent.Kind() != value.ListKind {
		add(sent)
	}
	for _, v := range sent.Elements() {
		add(v)
	}
	if f.Type == "checkbox" {
		return f.readChecked(all)
	}
	switch {
	case len(all) == 0:
		return value.Value{}, ""
	case len(all) > 1:
		return value.Value{}, "has more than one value"
	case f.Type == "file":
		file, ok := content.FileOf(all[0])
		if !ok {
			return value.Value{}, "is no file"
		}
		return file.Value(), ""
	case all[0].Kind() != value.StringKind:
		return value.Value{}, "takes a text and no file"
	}
	return f.readText(all[0].Raw())
}

// readChecked is a list of the chosen options, or yes or no where there are none to choose from.
func (f *FormField) readChecked(all []value.Value) (value.Value, string) {
	for i, v := range all {
		if v.Kind() != value.StringKind || len(f.Options) > 0 && !slices.Contains(f.Options, v.Raw()) {
			return value.Value{}, "is none of the options"
		}
		if slices.ContainsFunc(all[:i], func(before value.Value) bool { return before.Raw() == v.Raw() }) {
			return value.Value{}, "names an option twice"
		}
	}
	switch {
	case len(all) == 0 && f.Required:
		return value.Value{}, ""
	case len(f.Options) > 0:
		return value.List(all...), ""
	}
	return value.Bool(len(all) > 0), ""
}

const (
	longestFormText = 1000
	longestFormLong = 20_000
)

var formNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$`)

// readText reads a value that is written as one text.
func (f *FormField) readText(text string) (value.Value, string) {
	most := longestFormText
	if f.Type == "long" {
		text, most = strings.ReplaceAll(text, "\r\n", "\n"), longestFormLong
	}
	hostile := func(r rune) bool { return unicode.IsControl(r) && (f.Type != "long" || r != '\n' && r != '\t') }
	switch {
	case utf8.RuneCountInString(text) > most:
		return value.Value{}, "is too long"
	case !utf8.ValidString(text) || strings.ContainsFunc(text, hostile):
		return value.Value{}, "has characters that no keyboard writes"
	}
	switch f.Type {
	case "number":
		if text = strings.TrimSpace(text); !formNumber.MatchString(text) {
			return value.Value{}, "must be a number such as 12 or 12.5"
		}
		number, err := value.Parse([]byte(text), value.Limits{})
		if err != nil {
			return value.Value{}, "must be a number such as 12 or 12.5"
		}
		return number, ""
	case "email":
		address, err := mailbox.Read(strings.TrimSpace(text))
		if err != nil {
			return value.Value{}, err.Error()
		}
		return value.String(address), ""
	case "date":
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return value.Value{}, "must be a day such as 2026-01-31"
		}
	case "dropdown", "radio":
		if !slices.Contains(f.Options, text) {
			return value.Value{}, "is none of the options"
		}
	}
	return value.String(text), ""
}

// sampleTexts are what people could write into fields, by their type. Those of files and of choices come from elsewhere.
var sampleTexts = map[FormFieldType]string{"text": "text", "long": "several lines", "number": "12", "email": "ada@example.com",
	"password": "secret", "date": "2026-01-31", "hidden": "text", "checkbox": "yes"}

// Sample are values as somebody could send them.
func (f *Form) Sample() []value.Member {
	var members []value.Member
	for i := range f.Fields {
		one := &f.Fields[i]
		text := sampleTexts[one.Type]
		switch {
		case one.Type == "file":
			file := content.File{Name: "note.txt", MediaType: "text/plain", Body: []byte("text")}
			members = append(members, value.Member{Key: one.Name, Value: file.Value()})
			continue
		case len(one.Options) > 0:
			text = one.Options[0]
		case one.Type == "hidden" && one.Value != "":
			text = one.Value
		}
		if v, wrong := one.read(value.String(text)); wrong == "" {
			members = append(members, value.Member{Key: one.Name, Value: v})
		}
	}
	return members
}
