// Package web is the server that all pages share: who visits, what surrounds a page, how forms are read and refused, and what
// was seen of it before. Start with Visit and Site.SignedIn. Whatever belongs to one area stands above, and is told to the
// server as Hooks.
package web

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/markup"
)

// Routes are the pages that belong to no area.
func (s *Site) Routes() []edge.Route {
	const get = http.MethodGet
	return []edge.Route{
		{Method: get, Path: markup.StaticPath + "{path...}", Permission: "public", Handler: s.Handle((*Site).serveStatic)},
		{Method: get, Path: brandingFiles + "accent/{edition}/{file}", Permission: "public", Handler: s.Handle((*Site).accentStyle)},
		{Method: get, Path: brandingFiles + "pictures/{id}", Permission: "public", Handler: s.Handle((*Site).brandingPicture)},
	}
}
