package flow

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"zygo/app/flow/node"
	"zygo/app/value"
)

// redactor takes the secrets that a step used out of what the step leaves behind: a server may echo a token in its answer
// or its error, and an execution is read by people who may not know the token.
type redactor struct {
	mutex sync.Mutex // a step may tell secrets from several goroutines
	forms []string
}

const (
	redacted = "•••"
	// shortestRedacted keeps a one-letter secret from eating every word.
	shortestRedacted = 4
)

// used notes a secret in the forms in which it is sent, and so may come back.
func (r *redactor) used(secret string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, one := range []string{secret, strings.TrimSpace(secret)} { // a header loses the space around it
		if len(one) < shortestRedacted || slices.Contains(r.forms, one) {
			continue
		}
		query, path := url.QueryEscape(one), url.PathEscape(one)
		forms := append([]string{one, query, path, lowerEscapes(query), lowerEscapes(path)}, base64Forms(one)...)
		// An answer may hold a JSON text within another one, and is quoted itself where it stands in an output.
		twice := jsonForms(jsonForms([]string{one}))
		forms = slices.Concat(forms, jsonForms(forms), twice, jsonForms(twice))
		slices.Sort(forms)
		r.forms = append(r.forms, slices.Compact(forms)...)
	}
	slices.SortStableFunc(r.forms, func(a, b string) int { return len(b) - len(a) }) // the whole before its parts
}

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

// lowerEscapes writes the escapes of an address as some services write them.
func lowerEscapes(text string) string { return escapes.ReplaceAllStringFunc(text, strings.ToLower) }

// shortestBase64 keeps a few letters that a secret alone decides about from eating what looks like them by chance.
const shortestBase64 = 6

// base64Forms are a secret in base64, alone and within something longer, such as the name and password of HTTP's Basic: at each
// of the three places where it can begin, the letters that it alone decides about.
func base64Forms(secret string) []string {
	forms := []string{base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))}
	for before := range 3 {
		padded := append(make([]byte, before), secret...)
		from, to := (8*before+5)/6, 8*len(padded)/6
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if form := encoding.EncodeToString(padded)[from:to]; len(form) >= shortestBase64 {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// jsonForms are texts as they stand within the strings of a JSON text: as Zygo writes them, as Go does, as PHP does, and in ASCII,
// as Python does.
func jsonForms(texts []string) (forms []string) {
	inside := func(quoted []byte) string { return string(quoted[1 : len(quoted)-1]) }
	for _, text := range texts {
		own := inside(value.AppendString(nil, text))
		escaped, _ := json.Marshal(text) // a text can always be encoded
		forms = append(forms, own, inside(escaped), asciiForm(own), asciiForm(strings.ReplaceAll(own, "/", `\/`)))
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// asciiForm writes what is not ASCII as JSON's escapes of UTF-16.
func asciiForm(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

func (r *redactor) text(text string) string {
	for _, form := range r.forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// value gives a value without the secrets.
func (r *redactor) value(v value.Value) (value.Value, error) {
	const whole = "whole"
	clean, err := r.outputs([]node.Output{{Items: []value.Item{{JSON: value.Object(value.Member{Key: whole, Value: v})}}}})
	if err != nil {
		return value.Null(), err
	}
	return clean[0].Items[0].JSON.Get(whole), nil
}

// failure gives a failure without the secrets.
func (r *redactor) failure(failed *node.Error) (*node.Error, error) {
	clean := *failed
	clean.Message, clean.Exchange = r.text(failed.Message), failed.Exchange.Clean(r.text)
	var err error
	clean.Body, err = r.value(failed.Body)
	return &clean, err
}

// outputs gives the outputs without the secrets. They are read anew only where one was found.
func (r *redactor) outputs(outputs []node.Output) ([]node.Output, error) {
	if len(r.forms) == 0 {
		return outputs, nil
	}
	for i, o := range outputs {
		encoded := value.AppendItems(nil, o.Items)
		clean := encoded
		for _, form := range r.forms {
			clean = bytes.ReplaceAll(clean, []byte(form), []byte(redacted))
		}
		if bytes.Equal(clean, encoded) {
			continue
		}
		items, err := value.ParseItems(clean, value.Limits{})
		if err != nil {
			return nil, &node.Error{
				Code:    "SECRET_IN_OUTPUT",
				Message: "The output held a secret that can't be taken out of it.",
				Cause:   err,
			}
		}
		for n := range items {
			items[n].From, items[n].Also = o.Items[n].From, o.Items[n].Also
		}
		outputs[i].Items = items
	}
	return outputs, nil
}
