package node

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/recipe"
	"zygo/app/value"
	"zygo/embed"
)

// ServicesCategory is the category of the node types that recipes make.
const ServicesCategory = "services"

// connectors are the node types of the shipped recipes, which are read once.
var connectors = sync.OnceValue(func() []*Type {
	all, err := recipe.All(embed.Connectors, "connectors")
	if err != nil {
		panic(err) // a test reads them
	}
	types := make([]*Type, len(all))
	for i, r := range all {
		types[i] = Connector(r)
	}
	return types
})

// operationField is the parameter that says what a connector does.
const operationField = "operation"

// Connector makes a node type of a recipe: connector.NAME. Its parameters are the fields of the connection, the operation, and the
// fields of each operation, shown when that is chosen.
func Connector(r *recipe.Recipe) *Type {
	k := &connector{recipe: r}
	t := &Type{
		Name:     "connector." + r.Name,
		Version:  1,
		Category: ServicesCategory,
		Title:    r.Title,
		Icon:     r.Icon,
		Help:     r.Help,
		Outputs:  []string{Main},
		Repeat:   SafeWithKey,
		Docs:     r.Docs,
		told:     map[string]string{},
		needed:   k.needed(),
		run:      k.run,
		check:    k.check,
	}
	operation := recipe.Field{Name: operationField, Type: "choice"}
	for _, o := range r.Operations {
		t.told[o.Name] = o.Help
		operation.Options = append(operation.Options, field.Choice{Value: o.Name, Label: o.Title})
	}
	declared := slices.Concat([]recipe.Field{operation}, r.Connection, r.Fields, recipe.OfPages())
	t.parameters = reflect.StructOf(structFields(declared))
	fields, err := field.Declared(t.parameters)
	if err != nil {
		panic(fmt.Sprintf("the node type %s: %v", t.Name, err))
	}
	for i, f := range fields {
		k.describe(f, &declared[i])
		isOfAll := i <= len(r.Connection)
		if !isOfAll {
			f.When = &field.When{Field: operationField, Values: k.takers(&declared[i])}
		}
		if isOfAll || len(f.When.Values) > 0 {
			t.fields = append(t.fields, f)
		}
	}
	t.fields[0].Literal, t.fields[0].Required, t.fields[0].Default = true, true, r.Operations[0].Name
	k.fields = t.fields
	return t
}

// connector is a recipe with the fields that it became.
type connector struct {
	recipe *recipe.Recipe
	fields []*field.Field
}

// goTypes are what the fields of a recipe are in Go.
var goTypes = map[string]reflect.Type{
	"":        reflect.TypeFor[field.Exact](),
	"text":    reflect.TypeFor[field.Exact](),
	"line":    reflect.TypeFor[string](),
	"choice":  reflect.TypeFor[string](),
	"long":    reflect.TypeFor[field.LongText](),
	"number":  reflect.TypeFor[*float64](),
	"boolean": reflect.TypeFor[bool](),
	"list":    reflect.TypeFor[[]string](),
	"object":  reflect.TypeFor[value.Value](),
	"value":   reflect.TypeFor[value.Value](),
	"file":    reflect.TypeFor[value.Value](),
}

func structFields(declared []recipe.Field) []reflect.StructField {
	all := make([]reflect.StructField, len(declared))
	for i, f := range declared {
		all[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: goTypes[f.Type]}
	}
	return all
}

// describe gives a field what its recipe says of it.
func (k *connector) describe(f *field.Field, of *recipe.Field) {
	f.Name, f.Label, f.Help, f.Default, f.Max = of.Name, of.Label, of.Help, of.Default, of.Max
	if f.Label == "" {
		f.Label = field.Label(of.Name)
	}
	f.Secrets, f.Fold, f.Short = of.Secret, of.Fold, of.Short
	// Data never says to which host a credential goes.
	f.Literal = slices.Contains(recipe.Holes(recipe.Host(k.recipe.URL)), of.Name)
	f.Document = map[string]string{"object": field.AlwaysDocument}[of.Type]
	if of.Type == "choice" {
		k.offer(f, of.Options)
	}
	if of.Type == "file" && f.Help == "" {
		f.Help = "A file such as {{ $json.data }}, or the name of the field that holds it."
	}
	if k.isAlwaysNeeded(of) && of.Name != operationField {
		f.Help = strings.TrimSpace("Required. " + f.Help)
	}
}

// offer lets people choose. What is meant by no choice stands in the help.
func (k *connector) offer(f *field.Field, options []field.Choice) {
	var choices []field.Choice
	for _, o := range options {
		if o.Value == "" {
			f.Help = strings.TrimSpace(f.Help + " " + o.Label + " when empty.")
			continue
		}
		choices = append(choices, o)
	}
	f.Offer(choices)
}

// needed are the fields of each operation that it can't do without.
func (k *connector) needed() map[string][]string {
	all := map[string][]string{}
	for _, o := range k.recipe.Operations {
		all[o.Name] = []string{}
		for _, f := range k.recipe.Connection {
			if !f.Optional && f.Default == "" {
				all[o.Name] = append(all[o.Name], f.Name)
			}
		}
		for _, f := range k.recipe.Fields {
			if o.Required(f.Name) && f.Default == "" {
				all[o.Name] = append(all[o.Name], f.Name)
			}
		}
	}
	return all
}

// takers are the operations that have a field.
func (k *connector) takers(f *recipe.Field) []string {
	var all []string
	isOfPages := slices.ContainsFunc(recipe.OfPages(), func(p recipe.Field) bool { return p.Name == f.Name })
	for _, o := range k.recipe.Operations {
		if o.Takes(f.Name) || isOfPages && o.Pages != nil {
			all = append(all, o.Name)
		}
	}
	return all
}

// isAlwaysNeeded tells whether whatever has the field needs it.
func (k *connector) isAlwaysNeeded(f *recipe.Field) bool {
	if slices.ContainsFunc(k.recipe.Connection, func(c recipe.Field) bool { return c.Name == f.Name }) {
		return !f.Optional
	}
	takers := k.takers(f)
	return len(takers) > 0 && !slices.ContainsFunc(takers, func(name string) bool { return !k.recipe.Operation(name).Required(f.Name) })
}

// check refuses a configuration that lacks something, and credentials that every reader of the workflow would see.
func (k *connector) check(config value.Value) []fault.Field {
	name := config.Get(operationField).Raw()
	if name == "" {
		name = k.recipe.Operations[0].Name
	}
	var wrong []fault.Field
	for _, needed := range k.needed()[name] {
		if isBlank(config.Get(needed)) {
			wrong = append(wrong, fault.Field{Field: needed, Message: "is required"})
		}
	}
	for _, f := range k.recipe.Connection {
		if given := config.Get(f.Name); f.Secret && !isBlank(given) && !strings.Contains(given.Text(), "{{") {
			wrong = append(wrong, fault.Field{Field: f.Name,
				Message: "is a credential that every reader of the workflow would see. Keep it in a secret, such as {{ $secrets.TOKEN }}"})
		}
	}
	return wrong
}

func isBlank(v value.Value) bool {
	return v.IsMissing() || v.Kind() == value.StringKind && strings.TrimSpace(v.Raw()) == ""
}
