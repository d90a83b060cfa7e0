// Package ui puts the pages of an instance together. Below it stand the rooms: markup holds what is on a page and how it is
// rendered, web the server and who visits it, kinds the pages that every kind has, and the others the pages of one area each.
// Start reading at Site.Routes.
package ui

import (
	"zygo/app/fault"
	"zygo/app/resource"
	"zygo/embed"
	"zygo/ui/access"
	"zygo/ui/account"
	"zygo/ui/flow"
	"zygo/ui/guide"
	"zygo/ui/markup"
	"zygo/ui/tenant"
	"zygo/ui/web"
)

// Site answers the page routes of an instance.
type Site struct {
	*web.Site
	guide *guide.Guide
}

// New makes the pages of a kernel's kinds. openAPI gives the document that the reference of the API is rendered from; nil
// leaves it out.
func New(kernel *resource.Kernel, options web.Options, openAPI func() []byte) (*Site, error) {
	options.Hooks = web.Hooks{
		Reauthenticate: account.ReauthenticationPage,
		Remedies:       []func(*web.Visit, *fault.Error) (markup.Action, bool){access.AskFor, tenant.FeaturesLink},
		Tables:         map[string]func(*web.Visit, *markup.Table, []resource.Record) error{"execution": flow.ShowExecutions},
	}
	site, err := web.New(kernel, options)
	if err != nil {
		return nil, err
	}
	book, err := guide.New(embed.Docs, openAPI)
	return &Site{site, book}, err
}
