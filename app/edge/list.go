package edge

import (
	"zygo/app/request"
	"zygo/app/resource"
)

// ListQuery reads the parameters that all lists share, and the fields that a client asked for.
func ListQuery(r *Request) (query resource.Query, only []string, err error) {
	return request.List(r.Query)
}
