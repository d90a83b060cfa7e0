package flow

import (
	"bytes"
	"encoding/base64"
	"net/url"
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

// used notes a secret in the forms in which it may come back.
func (r *redactor) used(secret string) {
	if len(secret) < shortestRedacted {
		return
	}
	for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret), url.PathEscape(secret)} {
		quoted := string(value.AppendString(nil, form))
		r.forms = append(r.forms, form, quoted[1:len(quoted)-1])
	}
}

func (r *redactor) text(text string) string {
	for _, form := range r.forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
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
