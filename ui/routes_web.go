package ui

import (
	"net/http"

	"zygo/app/edge"
)

// webRoutes are the pages that belong to no area.
func (s *Site) webRoutes() []edge.Route {
	const get = http.MethodGet
	return []edge.Route{
		{Method: get, Path: StaticPath + "{path...}", Permission: "public", Handler: s.open((*Site).serveStatic)},
		{Method: get, Path: brandingFiles + "accent/{edition}/{file}", Permission: "public", Handler: s.open((*Site).accentStyle)},
		{Method: get, Path: brandingFiles + "pictures/{id}", Permission: "public", Handler: s.open((*Site).brandingPicture)},
	}
}
