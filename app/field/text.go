package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textType is a line of text: any Go string type without choices.
type textType struct{}

// longestText bounds a text whose tag gives no max.
const longestText = 1000

func (textType) Name() string { return "text" }

func (textType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestText)}
}

func (textType) AppendJSON(out []byte, v reflect.Value) []byte {
	return AppendJSONString(out, v.String())
}

func (textType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err == nil {
		v.SetString(text)
	}
	return err
}

func (textType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(text)
	return nil
}

func (textType) Text(v reflect.Value) string { return v.String() }

func (textType) Check(f *Field, v reflect.Value) string {
	if wrong := checkLine(v.String()); wrong != "" {
		return wrong
	}
	return f.checkLength(v.String(), longestText)
}

// unseen are the characters that nobody sees and that change what others see: the order of the letters (Bidi_Control of Unicode,
// UAX 9), or nothing at all, by which two names look like one.
const unseen = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" + "\u180e\u200b\u2060\ufeff"

// checkLine refuses what is no line of text that people see as it is.
func checkLine(text string) string {
	for _, r := range text {
		switch {
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			return "must be one line"
		case r != '\t' && unicode.IsControl(r), strings.ContainsRune(unseen, r):
			return fmt.Sprintf("has the character U+%04X, which nobody sees; leave it out", r)
		}
	}
	return ""
}

func (f *Field) longest(otherwise int) int {
	if f.Max > 0 {
		return f.Max
	}
	return otherwise
}

func (f *Field) checkLength(text string, otherwise int) string {
	length := utf8.RuneCountInString(text)
	switch {
	case f.Required && strings.TrimSpace(text) == "":
		return "is required"
	case length > f.longest(otherwise):
		return fmt.Sprintf("has %d characters; %d is the most", length, f.longest(otherwise))
	case text != "" && length < f.Min:
		return fmt.Sprintf("needs at least %d characters", f.Min)
	}
	return ""
}

func jsonString(raw []byte) (string, error) {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", errors.New("must be a text")
	}
	if text == nil {
		return "", nil
	}
	return *text, nil
}

func (textType) worded() bool { return true }
func (textType) vacant()      {}
