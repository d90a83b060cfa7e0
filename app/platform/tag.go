package platform

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// tagFields are what a tag of an organization and one of the instance have in common.
type tagFields struct {
	Name        string     `z:"required,max=50,list,search,unique"`
	Colour      field.Tone `z:"default=grey,list,short"`
	Description string     `z:"max=500,list,search"`
}

// Tag is a word that people put on things, with a colour and a meaning that everybody in the organization shares.
type Tag struct {
	resource.Row
	tagFields
}

// InstanceTag is a tag that each new organization is given.
type InstanceTag struct {
	resource.InstanceRow
	tagFields
}

// Tags is the kind of an organization.
var Tags = resource.Kind[Tag]{
	Name: "tag", Area: "Data", Icon: "tag", Order: "name", Roles: content, Check: (*Tag).check,
	Help: "A tag has the same colour and meaning wherever it stands. Forms suggest these; other words can be used as tags too.",
}

// InstanceTags is the kind of the instance.
var InstanceTags = resource.Kind[InstanceTag]{
	Name:      "instance_tag",
	Label:     "default tag",
	Path:      "admin/content/tags",
	Area:      "Operator",
	Icon:      "tag",
	Order:     "name",
	Operators: true,
	Visible:   everywhere,
	Check:     (*InstanceTag).check,
	Help:      "Each new organization is given these tags and may change its own then.",
}

// check refuses what no row could have as a tag.
func (t *tagFields) check() error {
	if wrong := field.CheckTag(t.Name); wrong != "" {
		return fault.InvalidField("name", "%s", wrong)
	}
	return nil
}

func (t *Tag) check(*resource.Change[Tag]) error { return t.tagFields.check() }

func (t *InstanceTag) check(*resource.Change[InstanceTag]) error { return t.tagFields.check() }

// content is who edits what all forms of an organization use.
var content = map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin}

// everywhere is what the instance offers to every organization.
const everywhere = "1 = 1"

// tagCategory is the category of choices that the organization's tags make, for forms that suggest and lists that colour.
const tagCategory = "tag"

func tagChoices(s *resource.Session) ([]field.Choice, error) {
	return resource.Cached(s, "tags", []string{"tag"}, func(s *resource.Session) ([]field.Choice, error) {
		tags, err := resource.Select[Tag](s, "SELECT * FROM {tag} ORDER BY name LIMIT 1000")
		if err != nil {
			return nil, err
		}
		all := make([]field.Choice, len(tags))
		for i, tag := range tags {
			all[i] = field.Choice{Value: tag.Name, Label: tag.Name, Tone: string(tag.Colour)}
		}
		return all, nil
	})
}

// giveTags copies the instance's tags to a new organization.
func giveTags(s *resource.Session) error {
	given, err := resource.Select[InstanceTag](s, "SELECT * FROM {instance_tag} ORDER BY name")
	if err != nil {
		return err
	}
	for _, tag := range given {
		if _, err := Tags.Create(s, func(t *Tag) error {
			t.tagFields = tag.tagFields
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
