package resource

import (
	"fmt"
	"reflect"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
)

// Content is what organizations themselves bring: choices and templates to their forms, which are asked for often and come from
// Cached, and secrets. The module that keeps it says so in Module.Content.
type Content interface {
	// Choices are the dropdown values of a category; none where nobody made any.
	Choices(s *Session, category string) ([]field.Choice, error)
	// Templates are those for rows of a kind.
	Templates(s *Session, kind string) ([]Template, error)
	// Secret opens a secret by its name, for the step that uses it.
	Secret(s *Session, name string) (string, error)
}

// Template is a beginning for new rows: texts with {{variables}}, and fields of its own.
type Template struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Title       string   `json:"title"`
	Body        string   `json:"body"`
	Tags        []string `json:"tags"`
	// Variables are the names in the texts with a sample value each.
	Variables []Variable `json:"variables"`
	// Source is organization or instance.
	Source string         `json:"source"`
	Fields []*field.Field `json:"-"`
}

// Variable is a name that stands in double braces in a template's texts.
type Variable struct {
	Name   string `json:"name"`
	Sample string `json:"sample"`
}

// Choices are the values that the session's organization offers in a category.
func (s *Session) Choices(category string) ([]field.Choice, error) {
	if s.kernel.content == nil {
		return nil, nil
	}
	return s.kernel.content.Choices(s, category)
}

// Templates are the beginnings that the session's organization has for rows of a kind.
func (s *Session) Templates(kind string) ([]Template, error) {
	if s.kernel.content == nil {
		return nil, nil
	}
	return s.kernel.content.Templates(s, kind)
}

// TemplateOf is the template of that id for rows of a kind.
func (s *Session) TemplateOf(kind, id string) (Template, error) {
	all, err := s.Templates(kind)
	if err != nil {
		return Template{}, err
	}
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, fault.New(fault.NotFound, "This template does not exist, or you can't see it.")
	}
	return all[i], nil
}

// checkContent holds a changed field to what the organization offers: its dropdown values, and its templates' fields.
func (s *Session) checkContent(kind string, f *field.Field, given, before reflect.Value) ([]fault.Field, error) {
	if f.Dropdown != "" && f.Offers() && given.String() != "" {
		choices, err := s.Choices(f.Dropdown)
		if err == nil && len(choices) > 0 && !slices.ContainsFunc(choices, func(c field.Choice) bool { return c.Value == given.String() }) {
			return []fault.Field{{Field: f.Name, Message: fmt.Sprintf("must be one of the values of %s", field.Words(f.Dropdown))}}, nil
		}
		return nil, err
	}
	custom, ok := given.Addr().Interface().(*field.Custom)
	if !ok || custom.Template == "" {
		return nil, nil
	}
	template, err := s.TemplateOf(kind, custom.Template)
	if fault.Is(err, fault.NotFound) {
		return []fault.Field{{Field: f.Name, Message: "names a template that is not found"}}, nil
	}
	if err != nil {
		return nil, err
	}
	var wrong []fault.Field
	for name, message := range custom.Fill(template.Fields, f.Earlier(before)) {
		wrong = append(wrong, fault.Field{Field: f.Name + "." + name, Message: message})
	}
	return wrong, nil
}
