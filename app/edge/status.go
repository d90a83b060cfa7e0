package edge

import (
	"net/http"

	"zygo/app/fault"
)

// Status is the one table from codes to HTTP.
func Status(code fault.Code) int {
	switch code {
	case fault.BadRequest:
		return http.StatusBadRequest
	case fault.Unauthenticated, fault.MFARequired:
		return http.StatusUnauthorized
	case fault.QuotaExceeded:
		return http.StatusPaymentRequired
	case fault.Forbidden, fault.FeatureRestrict:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.MethodNotAllowed:
		return http.StatusMethodNotAllowed
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.UnsupportedMedia:
		return http.StatusUnsupportedMediaType
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
