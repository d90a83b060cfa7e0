package sandbox_test

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/oracle"
	"zygo/app/flow/expression"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// observed is what a real n8n gave for an expression. Without a value and an error it gave nothing.
type observed struct {
	ID, Group, Expression string
	Input                 int
	Value, Values         stdjson.RawMessage
	InText                stdjson.RawMessage `json:"in_text"`
	InTextError           string             `json:"in_text_error"`
	Error                 string
}

type situation struct {
	Input  []stdjson.RawMessage
	Before []struct {
		Name  string
		Items []stdjson.RawMessage
	}
}

func readObserved(t testing.TB) (situations []situation, cases []observed) {
	t.Helper()
	text, err := os.ReadFile("testdata/n8n.json")
	if err != nil {
		t.Fatal(err)
	}
	// Long texts are written as what is repeated in them.
	long := strings.Repeat("äb", 30000)
	text = bytes.ReplaceAll(text, []byte(`{"$repeat":["äb",30000]}`), []byte(`"`+long+`"`))
	all := struct {
		Inputs *[]situation
		Cases  *[]observed
	}{&situations, &cases}
	if err := stdjson.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return situations, cases
}

// earlier are the nodes before the expression's own.
type earlier map[string][]value.Item

func (e earlier) Items(name string) ([]value.Item, bool) {
	items, ok := e[name]
	return items, ok
}

func (e earlier) Runs(name string) ([][][]value.Item, bool) { return [][][]value.Item{{e[name]}}, true }

func (e earlier) Ancestor(name string, of value.Item) (value.Item, bool) {
	for of.From.Node != "" {
		from := of.From
		if of = e[from.Node][from.Index]; from.Node == name {
			return of, true
		}
	}
	return value.Item{}, false
}

func itemsOf(t testing.TB, list []stdjson.RawMessage, from string) []value.Item {
	t.Helper()
	items := make([]value.Item, len(list))
	for i, text := range list {
		items[i].JSON = json(t, string(text))
		if from != "" {
			items[i].From = value.Origin{Node: from, Output: "main", Index: i}
		}
	}
	return items
}

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var parametersOf = map[string]string{
	"A":  `{"mode":"raw","duplicateItem":false,"includeOtherFields":false,"options":{"dotNotation":false}}`,
	"In": `{"mode":"raw","duplicateItem":false,"jsonOutput":"={{ $(\"Start\").all()[$itemIndex].json.in }}","includeOtherFields":false,"options":{"dotNotation":false}}`,
}

func surroundings(t testing.TB, s situation, group string, p *sandbox.Pool) *expression.Environment {
	t.Helper()
	known := earlier{}
	before := ""
	for _, node := range s.Before {
		known[node.Name] = itemsOf(t, node.Items, before)
		before = node.Name
	}
	if before == "" {
		known["A"], before = itemsOf(t, s.Input, ""), "A"
	}
	input := itemsOf(t, s.Input, before)
	known["In"] = input
	own := slices.Clone(input)
	for i := range own {
		own[i].From = value.Origin{Node: "In", Output: "main", Index: i}
	}
	return &expression.Environment{
		Item: own[0], Input: own, Nodes: known, Vars: value.Object(), Env: value.Object(), Now: time.Now().In(berlin(t)),
		Workflow:  expression.Workflow{ID: "abcdefgh12345678", Name: "x " + group},
		Execution: expression.Execution{ID: "12", Mode: "manual"}, Previous: "In", Hide: true,
		Script: func(ctx context.Context, source string, inText bool, env *expression.Environment) (value.Value, error) {
			result, err := p.Run(ctx, sandbox.Program{Source: source, Text: inText, Environment: env, Time: 5 * time.Second})
			return result.Value, err
		},
		Parameters: func(node string) value.Value {
			if node == "" {
				return json(t, `{"mode":"manual"}`)
			}
			return json(t, parametersOf[node])
		},
	}
}

// outcome is what an expression gives for each item.
func outcome(t testing.TB, text string, env *expression.Environment, each bool) ([]value.Value, error) {
	t.Helper()
	e, err := expression.CompileAsN8n(text)
	if err != nil {
		return nil, err
	}
	// Publishing refuses a workflow that names a node which isn't there.
	for _, name := range e.Nodes() {
		if _, ok := env.Nodes.Items(name); !ok && name != "Later" {
			return nil, os.ErrNotExist
		}
	}
	var given []value.Value
	for i := range env.Input {
		own := *env
		own.Index = i
		own.Item = env.Input[i]
		v, err := e.Evaluate(t.Context(), &own)
		if err != nil {
			return nil, err
		}
		if given = append(given, v); !each {
			break
		}
	}
	return given, nil
}

func decoded(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := stdjson.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// plain are values as JSON has them, where undefined is null.
func plain(t testing.TB, given []value.Value, each bool) any {
	t.Helper()
	list := make([]any, len(given))
	for i, v := range given {
		if v.Kind() != value.UndefinedKind {
			list[i] = decoded(t, []byte(v.JSON()))
		}
	}
	if !each {
		return list[0]
	}
	return list
}

// difference says how an expression's outcome is not the observed one, and nothing where it is.
func difference(t testing.TB, c observed, env *expression.Environment) string {
	t.Helper()
	each := c.Values != nil
	given, err := outcome(t, c.Expression, env, each)
	want := c.Value
	if each {
		want = c.Values
	}
	switch {
	case c.Error != "" && err == nil:
		return "gives " + short(value.List(given...).JSON()) + " and no error: " + c.Error
	case c.Error != "":
		return ""
	case err != nil:
		return "fails with " + err.Error() + " instead of " + short(string(want))
	case want != nil && !reflect.DeepEqual(plain(t, given, each), decoded(t, want)):
		return "gives " + short(value.List(given...).JSON()) + " instead of " + short(string(want))
	}
	if c.InText == nil && c.InTextError == "" {
		return ""
	}
	given, err = outcome(t, "a"+c.Expression+"b", env, each)
	if c.InTextError != "" {
		if err == nil {
			return "gives within a text " + short(given[0].JSON())
		}
		return ""
	}
	if err != nil {
		return "fails within a text with " + err.Error()
	}
	for i, v := range given {
		given[i] = value.String(strings.TrimSuffix(strings.TrimPrefix(v.Raw(), "a"), "b"))
	}
	if !reflect.DeepEqual(plain(t, given, each), decoded(t, c.InText)) {
		return "gives within a text " + short(value.List(given...).JSON()) + " instead of " + short(string(c.InText))
	}
	return ""
}

func short(text string) string { return text[:min(len(text), 150)] }

// Expressions give what a real n8n gave, with the exceptions that testdata/n8n-differences.md lists.
func TestExpressionsAgreeWithN8n(t *testing.T) {
	t.Parallel()
	situations, cases := readObserved(t)
	list, err := os.ReadFile("testdata/n8n-differences.md")
	if err != nil {
		t.Fatal(err)
	}
	tally := oracle.NewTally(t, string(list))
	p := pool(t, 2)
	t.Run("group", func(t *testing.T) {
		for half := range 2 {
			t.Run("half", func(t *testing.T) {
				t.Parallel()
				for i, c := range cases {
					if i%2 != half || time.Now().In(berlin(t)).IsDST() && slices.Contains(ambiguous, c.ID) {
						continue
					}
					found := difference(t, c, surroundings(t, situations[c.Input], c.Group, p))
					if found != "" {
						found = c.Expression + " " + found
					}
					tally.Count(t, c.Group, c.ID, found)
				}
			})
		}
	})
	tally.Close(t)
}

// ambiguous are the expressions with a time that the clock shows twice: Luxon takes that of the season in which it runs, and n8n was
// watched in winter.
var ambiguous = []string{"dates-003", "dates-004", "more-extensions-166", "more-extensions-167"}
