package platform

import (
	"encoding/json"
	"fmt"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/embed"
)

// seed is the content that a new instance is given; its operators change it later.
type seed struct {
	Tags      []map[string]json.RawMessage
	Dropdowns []map[string]json.RawMessage
	Templates []map[string]json.RawMessage
}

// sow stores the seeds through the same path as what an operator types.
func sow(s *resource.Session) error {
	text, err := embed.Seeds.ReadFile("seeds/content.json")
	if err != nil {
		return err
	}
	var content seed
	if err := json.Unmarshal(text, &content); err != nil {
		return fmt.Errorf("seeds: %w", err)
	}
	for _, tag := range content.Tags {
		if _, err := InstanceTags.CreateFrom(s, inputOf(tag), nothing[InstanceTag]); err != nil {
			return err
		}
	}
	for _, dropdown := range content.Dropdowns {
		if _, err := InstanceDropdowns.CreateFrom(s, inputOf(dropdown), nothing[InstanceDropdown]); err != nil {
			return err
		}
	}
	for _, template := range content.Templates {
		if err := sowTemplate(s, template); err != nil {
			return err
		}
	}
	return nil
}

func sowTemplate(s *resource.Session, template map[string]json.RawMessage) error {
	var fields []map[string]json.RawMessage
	if err := json.Unmarshal(template["fields"], &fields); err != nil {
		return fmt.Errorf("seeds: the fields of a template: %w", err)
	}
	delete(template, "fields")
	made, err := InstanceTemplates.CreateFrom(s, inputOf(template), nothing[InstanceTemplate])
	if err != nil {
		return err
	}
	for _, f := range fields {
		if _, err := InstanceTemplateFields.CreateFrom(s, inputOf(f), func(f *InstanceTemplateField) error {
			f.Template = field.Ref(made.ID)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func nothing[T any](*T) error { return nil }

func inputOf(object map[string]json.RawMessage) resource.Input {
	in := resource.Input{}
	for name, raw := range object {
		in[name] = resource.Given{Raw: raw}
	}
	return in
}
