package kinds

import (
	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/web"
)

// download answers the file that a field of a row holds.
func download(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		return edge.Download(v.Person, s.Uploads, kind, id, v.Param("field"))
	})
}
