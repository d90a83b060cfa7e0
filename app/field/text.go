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

// exactText is a text that stays as it is given.
type exactText struct{}

func (exactText) AppendJSON(out []byte, v reflect.Value) []byte {
	return AppendJSONString(out, v.String())
}

func (exactText) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err == nil {
		v.SetString(text)
	}
	return err
}

func (exactText) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(text)
	return nil
}

func (exactText) Text(v reflect.Value) string { return v.String() }

// textType is a line of text: any Go string type without choices.
type textType struct{ exactText }

// longestText bounds a text whose tag gives no max.
const longestText = 1000

func (textType) Name() string { return "text" }

func (textType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestText)}
}

func (textType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	text, err := jsonString(raw)
	if err == nil {
		v.SetString(Line(text))
	}
	return err
}

func (textType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(Line(text))
	return nil
}

func (textType) Check(f *Field, v reflect.Value) string {
	if wrong := checkLine(v.String()); wrong != "" {
		return wrong
	}
	return f.checkLength(v.String(), longestText)
}

// Line brings a line of text to its one form, so that two names which look alike are one: composed letters, one space between
// words and none around them, without characters that nobody sees. The joiners stay that words of some scripts and emoji need.
// A line of nothing that people see is empty.
func Line(text string) string {
	text = strings.TrimFunc(Composed(strings.Map(dropEmpty, text)), func(r rune) bool {
		return unicode.IsSpace(r) ||
			strings.ContainsRune(turning, r)
	})
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }), " ")
	if strings.IndexFunc(text, isSeen) < 0 {
		return ""
	}
	return text
}

const (
	// empty are the characters that show nothing and change nothing, which come along with text that is copied: hyphens and
	// breaks that a line might have, and the mark of an encoding.
	empty = "\u00ad\u034f\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
	// turning are the characters that change the order of the letters (Bidi_Control of Unicode, UAX 9).
	turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
	// blank are letters and symbols that look like a space.
	blank = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
)

func dropEmpty(r rune) rune {
	if strings.ContainsRune(empty, r) {
		return -1
	}
	return r
}

func isSeen(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Variation_Selector) && !strings.ContainsRune(blank, r)
}

// checkLine refuses what is no line of text that people see as it is.
func checkLine(text string) string {
	for _, r := range text {
		switch {
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			return "must be one line"
		case r != '\t' && unicode.IsControl(r), strings.ContainsRune(turning, r):
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
	case f.Required && strings.IndexFunc(text, isSeen) < 0:
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
