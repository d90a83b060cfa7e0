package web

import (
	"fmt"
	"log/slog"
	"net/url"
	"sync"

	"zygo/app/certificate"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/identity"
	"zygo/app/identity/people"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/embed"
	"zygo/ui/markup"
)

// checkIcons finds kinds whose icon the sprite lacks.
func checkIcons(kernel *resource.Kernel, static *markup.Static) error {
	for _, kind := range kernel.Kinds() {
		spec := kind.Spec()
		icons := []string{}
		if spec.Area != "" {
			icons = append(icons, spec.Icon)
		}
		for _, action := range spec.Actions {
			icons = append(icons, action.Icon)
		}
		for _, icon := range icons {
			if icon != "" && !static.HasIcon(icon) {
				return fmt.Errorf("the kind %s names the icon %q, which is not in icons.txt", spec.Name, icon)
			}
		}
	}
	return nil
}

// Site answers the page routes of an instance, as far as they belong to no area.
type Site struct {
	Kernel *resource.Kernel
	Options
	// Buttons are the operations with a button, by kind.
	Buttons map[string][]*Buttoned
	pages   *markup.Pages
	static  *markup.Static
	writers sync.Pool
}

// Options are what a Site needs of an instance besides its kernel. The list of routes needs none of them.
type Options struct {
	Identity *identity.Services
	Engine   *flow.Engine
	Log      *slog.Logger
	// URL is the address that links carry, without a slash at the end.
	URL     string
	Uploads *platform.Uploads
	Outbox  *outbox.Outbox
	// Certificates is nil where Zygo gets none by itself.
	Certificates *certificate.Keeper
	// Operations are those of the instance; some have a button on pages.
	Operations []operation.Operation
	// Home are the blocks of the page that people begin at.
	Home []module.HomeBlock
	Hooks
}

// New makes the server of a kernel's kinds. A kind that names an icon which is not there is an error here.
func New(kernel *resource.Kernel, options Options) (*Site, error) {
	static, err := markup.LoadStatic(embed.Static)
	if err != nil {
		return nil, err
	}
	pages, err := markup.NewPages(embed.Templates, static)
	if err != nil {
		return nil, err
	}
	for _, name := range pages.Overridden {
		if _, ok := kernel.Kind(name); !ok {
			return nil, fmt.Errorf("templates/kinds has a page of %s, which nobody declares", name)
		}
	}
	if err := checkIcons(kernel, static); err != nil {
		return nil, err
	}
	buttons, err := buttonsOf(options.Operations)
	if err != nil {
		return nil, err
	}
	return &Site{
		Kernel:  kernel,
		Options: options,
		Buttons: buttons,
		pages:   pages,
		static:  static,
	}, nil
}

// Hooks are what the server needs of the pages that stand on it.
type Hooks struct {
	// Reauthenticate asks a person to show again who they are, before the form that was refused is carried out.
	Reauthenticate func(v *Visit, to string, form url.Values) markup.StandalonePage
	// Remedies lead from a refusal to what helps.
	Remedies []func(v *Visit, refused *fault.Error) (markup.Action, bool)
	// Tables give the rows of a kind other columns than those of its declaration.
	Tables map[string]func(v *Visit, table *markup.Table, records []resource.Record) error
}

// Buttoned is an operation with a button, with the fields of its input.
type Buttoned struct {
	operation.Operation
	Fields []*field.Field
}

func buttonsOf(operations []operation.Operation) (map[string][]*Buttoned, error) {
	all := map[string][]*Buttoned{}
	for _, o := range operations {
		if o.Button == nil {
			continue
		}
		fields, err := o.Fields()
		if err != nil {
			return nil, err
		}
		all[o.Button.Kind] = append(all[o.Button.Kind], &Buttoned{o, fields})
	}
	return all, nil
}

// Visit is one request of somebody who is signed in.
type Visit struct {
	*edge.Request
	Site   *Site
	Person *people.Person
	Form   url.Values
	// Head is where the page's knowledge of the ledger ends: the stream of changes goes on from there.
	Head    int64
	Cookies []string
	// accountCookies are those that the answer sets for the accounts.
	accountCookies []operation.Cookie
}

// Kind finds a kind that the binary has for sure.
func (s *Site) Kind(name string) resource.Resource {
	kind, ok := s.Kernel.Kind(name)
	if !ok {
		panic("nobody declares " + name)
	}
	return kind
}
