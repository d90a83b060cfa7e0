package node

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
)

// Form starts a workflow with what somebody fills in on a page that Zygo hosts.
type Form struct {
	Path        string         `z:"required,max=200,literal,help=Behind /forms/ and the id of the organization, such as contact."`
	Title       string         `z:"required,max=200,literal"`
	Description field.LongText `z:"max=10000,literal,help=Markdown, under the title."`
	Fields      []FormField    `z:"required,max=100,literal"`
	Access      FormAccess     `z:"default=public,literal,label=Open to"`
	Submit      string         `z:"max=60,default=Send,literal,fold,short,label=Button"`
	Closing     field.LongText `z:"max=10000,literal,fold,label=Closing text,help=Markdown, shown when the form was sent."`
	Redirect    string         `z:"max=2000,literal,fold,label=Lead on to,help=An address such as https://example.com/thanks where people go on when the form was sent."`
}

// FormField is a field of a hosted form.
type FormField struct {
	Name     string        `z:"required,max=60,literal,short,help=Of the field in the item."`
	Label    string        `z:"max=200,literal,short"`
	Type     FormFieldType `z:"default=text,literal,short"`
	Required bool          `z:"literal,short"`
	Options  []string      `z:"max=100,literal,when=type:dropdown|radio|checkbox,help=Each on a line. A checkbox without options is yes or no."`
	Value    string        `z:"max=1000,literal,short,label=Filled in,help=What stands in the field at first. A hidden field takes it from the address, as in ?source=shop, where it is named there."`
	Hint     string        `z:"max=500,literal,short"`
}

// FormFieldType is what a field takes.
type FormFieldType string

// Choices are the types.
func (FormFieldType) Choices() []field.Choice {
	return []field.Choice{{Value: "text", Label: "Text"}, {Value: "long", Label: "Long text"}, {Value: "number", Label: "Number"},
		{Value: "email", Label: "E-mail address"}, {Value: "password", Label: "Password"}, {Value: "date", Label: "Date"},
		{Value: "dropdown", Label: "Dropdown"}, {Value: "radio", Label: "Radio buttons"}, {Value: "checkbox", Label: "Checkbox"},
		{Value: "file", Label: "File"}, {Value: "hidden", Label: "Hidden"}}
}

// FormAccess is who may fill a form in.
type FormAccess string

// FormMembers is the access of those who are signed in to the organization.
const FormMembers FormAccess = "members"

// Choices are the groups.
func (FormAccess) Choices() []field.Choice {
	return []field.Choice{{Value: "public", Label: "Everyone with the address"},
		{Value: string(FormMembers), Label: "Members of the organization"}}
}

// FormTrap is the field that people don't see. Only programs fill it in.
const FormTrap = "homepage_url"

// FormAbout is the member of the item that says when a form was sent, and by whom.
const FormAbout = "form"

// FormSent stands in the address of a form that was sent.
const FormSent = "form_sent"

func form() *Type {
	return Declare(Type{
		Name: "trigger.form", Version: 1, Category: "triggers", Title: "Form", Icon: "clipboard-list", Trigger: true,
		Help: "Starts when somebody sends the form that Zygo hosts for it. The item has the values by the names of the fields.",
	}, passThrough[Form])
}

// FormOf gives the settings of a form trigger.
func FormOf(n *Node) (*Form, bool) {
	f, ok := n.fixed.(*Form)
	return f, ok
}

// Title gives what people call the field.
func (f *FormField) Title() string {
	if f.Label == "" {
		return f.Name
	}
	return f.Label
}

var formFieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Check says what tags can't.
func (f *Form) Check() error {
	if strings.Contains(f.Path, "{") {
		return fault.InvalidField("path", "of a form takes no parameters")
	}
	if err := checkPath(f.Path); err != nil {
		return err
	}
	if len(f.Fields) == 0 {
		return fault.InvalidField("fields", "is required")
	}
	if f.Redirect != "" {
		u, err := url.Parse(f.Redirect)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return fault.InvalidField("redirect", "must be an address such as https://example.com/thanks")
		}
	}
	names := []string{FormTrap, FormAbout, "form_token", FormSent}
	for i, one := range f.Fields {
		place := fmt.Sprintf("fields.%d.", i)
		switch hasOptions := one.Type == "dropdown" || one.Type == "radio"; {
		case !formFieldName.MatchString(one.Name):
			return fault.InvalidField(place+"name", "must be letters, digits and _, with a letter first")
		case slices.Contains(names, one.Name):
			return fault.InvalidField(place+"name", "is taken; choose another one")
		case hasOptions && len(one.Options) == 0:
			return fault.InvalidField(place+"options", "is required")
		case one.Type == "hidden" && one.Required:
			return fault.InvalidField(place+"required", "is nothing for a hidden field, which nobody can fill in")
		}
		names = append(names, one.Name)
	}
	return nil
}
