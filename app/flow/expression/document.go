package expression

import (
	"errors"
	"fmt"
	"strings"

	"zygo/app/value"
)

// Document reads a text that is written as JSON with expressions, such as {"n": {{ $json.n }}, "text": "Hi {{ $json.name }}"}. It
// gives the JSON with the expressions in its texts, so that the result of one is a value or a part of a text and can't add to the
// JSON around it. A text that is a single expression stays as it is, and keeps the type of its result.
func Document(text string) (value.Value, error) {
	parts, err := split(strings.TrimSpace(text))
	if err != nil {
		return value.Value{}, err
	}
	if len(parts) == 1 && parts[0].source != "" {
		return value.String(text), nil
	}
	mark := "\ue000"
	for strings.Contains(text, mark) {
		mark += "\ue000"
	}
	var plain strings.Builder
	var holes []string
	inText := false
	for _, p := range parts {
		if p.source == "" {
			plain.WriteString(p.text)
			inText = endsInText(p.text, inText)
			continue
		}
		place := fmt.Sprintf("%s%d\ue001", mark, len(holes))
		if holes = append(holes, p.source); !inText {
			place = `"` + place + `"`
		}
		plain.WriteString(place)
	}
	document, err := value.Parse([]byte(plain.String()), value.Limits{})
	if err != nil {
		return value.Value{}, err
	}
	return refill(document, mark, holes)
}

// endsInText tells whether a part of a JSON document ends within one of its texts.
func endsInText(part string, inText bool) bool {
	for i := 0; i < len(part); i++ {
		switch {
		case part[i] == '\\' && inText:
			i++
		case part[i] == '"':
			inText = !inText
		}
	}
	return inText
}

// refill puts the expressions back into the texts of a document.
func refill(v value.Value, mark string, holes []string) (value.Value, error) {
	switch v.Kind() {
	case value.StringKind:
		return value.String(rewritten(v.Raw(), mark, holes)), nil
	case value.ListKind:
		list := make([]value.Value, 0, v.Len())
		for _, element := range v.Elements() {
			filled, err := refill(element, mark, holes)
			if err != nil {
				return value.Value{}, err
			}
			list = append(list, filled)
		}
		return value.List(list...), nil
	case value.ObjectKind:
		members := make([]value.Member, 0, v.Len())
		for key, element := range v.Members() {
			if strings.Contains(key, mark) {
				return value.Value{}, errors.New("an expression can't be the name of a field; give the whole object by one expression")
			}
			filled, err := refill(element, mark, holes)
			if err != nil {
				return value.Value{}, err
			}
			members = append(members, value.Member{Key: key, Value: filled})
		}
		return value.Object(members...), nil
	}
	return v, nil
}

// rewritten is a text as a template.
func rewritten(text, mark string, holes []string) string {
	var out strings.Builder
	for i, piece := range strings.Split(text, mark) {
		if i > 0 {
			number, rest, _ := strings.Cut(piece, "\ue001")
			n := 0
			fmt.Sscan(number, &n)
			out.WriteString("{{" + holes[n] + "}}")
			piece = rest
		}
		piece = strings.ReplaceAll(piece, "{{", `\{{`)
		if cut, ends := strings.CutSuffix(piece, `\`); ends {
			piece = cut + `{{ "\\" }}` // before a hole it would take its meaning away
		}
		out.WriteString(piece)
	}
	return out.String()
}
