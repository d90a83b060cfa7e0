package flow

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zygo/app/flow/node"
	"zygo/app/value"
)

// redactor takes the secrets that a step used out of what the step leaves behind: a server may echo a token in its answer
// or its error, and an execution is read by people who may not know the token.
type redactor struct{ forms []string }

const (
	redacted = "•••"
	// shortestRedacted keeps a one-letter secret from eating every word.
	shortestRedacted = 4
)

// used notes a secret in the forms in which it is sent, and so may come back.
func (r *redactor) used(secret string) {
	for _, one := range []string{secret, strings.TrimSpace(secret)} { // a header loses the space around it
		if len(one) < shortestRedacted {
			continue
		}
		query, path := url.QueryEscape(one), url.PathEscape(one)
		forms := append([]string{one, query, path, lowerEscapes(query), lowerEscapes(path)}, base64Forms(one)...)
		for _, form := range forms {
			quoted := string(value.AppendString(nil, form))
			for _, form := range []string{form, quoted[1 : len(quoted)-1]} {
				if !slices.Contains(r.forms, form) {
					r.forms = append(r.forms, form)
				}
			}
		}
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
			return nil, &node.Error{Code: "SECRET_IN_OUTPUT", Message: "The output held a secret that can't be taken out of it.", Cause: err}
		}
		outputs[i].Items = items
	}
	return outputs, nil
}
