package widget

import (
	"encoding/json"
	"net/url"
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
)

// templated are the fields that a template adds to a row. They have a part of the form and of the page.
var templated = Widget{
	Unsorted: true,
	Section:  func(*field.Field, string) (markup.Section, bool) { return markup.Section{}, false },
	Read: func(f *field.Field, form url.Values) (string, bool) {
		text := customForm(f.Name, form)
		return text, text != ""
	},
}

// customForm is what a form was sent with of a template's fields, to be shown again.
func customForm(name string, form url.Values) string {
	custom := field.Custom{Values: map[string]json.RawMessage{}}
	for key, values := range form {
		switch rest, ok := strings.CutPrefix(key, name+"."); {
		case ok && rest == "template":
			custom.Template = values[0]
		case ok:
			custom.Values[rest] = field.AppendJSONString(nil, values[0])
		}
	}
	if custom.Template == "" {
		return ""
	}
	text, err := json.Marshal(custom)
	if err != nil {
		return ""
	}
	return string(text)
}
