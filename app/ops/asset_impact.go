package ops

import (
	"encoding/json"
	"net/http"

	"zygo/app/operation"
	"zygo/app/resource"
)

// AssetAt names an asset in a path.
type AssetAt struct {
	ID string
}

// Impact is what suffers when an asset fails.
type Impact struct {
	// Assets depend on it, the nearest first.
	Assets []ImpactedAsset `json:"assets"`
	// Complete is false where more depend on it than are shown.
	Complete bool `json:"complete"`
}

// ImpactedAsset is an asset that depends on another, through others perhaps.
type ImpactedAsset struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Environment Environment `json:"environment"`
	Criticality Criticality `json:"criticality"`
	// Distance is 1 for an asset that depends on it directly.
	Distance int `json:"distance"`
	// OpenIncidents are those that concern it and are not resolved.
	OpenIncidents int `json:"open_incidents"`
}

// The bounds of an impact: what lies beyond is no list that a person reads.
const (
	farthestImpact = 20
	mostImpacted   = 500
)

func impactOfOne(s *resource.Session, in *AssetAt) (Impact, error) {
	if _, err := Assets.Get(s, in.ID); err != nil {
		return Impact{}, err
	}
	return ImpactOf(s, in.ID)
}

// ImpactOf finds the assets that depend on any of those given, whatever circles they form.
func ImpactOf(s *resource.Session, ids ...string) (Impact, error) {
	if err := Assets.Require(s, resource.List); err != nil {
		return Impact{}, err
	}
	from, err := json.Marshal(ids)
	if err != nil {
		return Impact{}, err
	}
	assets, err := resource.Select[ImpactedAsset](s, `WITH RECURSIVE near (n, id, distance) AS (
			SELECT n, id, 0 FROM {asset} WHERE id IN (SELECT value FROM list_values(?))
			UNION
			SELECT a.n, a.id, near.distance + 1 FROM near JOIN {entry} AS e ON e.list = 'asset.depends_on' AND e.entry = near.id JOIN {asset} AS a ON a.n = e.row_n
			WHERE near.distance < ? LIMIT 10000)
		SELECT a.id, a.name, a.environment, a.criticality, min(near.distance) AS distance,
			(SELECT count(*) FROM {entry} AS e JOIN {incident} AS i ON i.n = e.row_n
			WHERE e.list = 'incident.assets' AND e.entry = a.id AND i.state NOT IN ('resolved', 'closed')) AS open_incidents
		FROM near JOIN {asset} AS a ON a.n = near.n GROUP BY a.id HAVING min(near.distance) > 0 ORDER BY distance, a.name LIMIT ?`,
		string(from), farthestImpact, mostImpacted+1)
	if err != nil {
		return Impact{}, err
	}
	complete := len(assets) <= mostImpacted
	shown := make([]string, 0, len(assets))
	for _, a := range assets[:min(len(assets), mostImpacted)] {
		shown = append(shown, a.ID)
	}
	readable, err := s.TitlesOf(Assets.Name, shown)
	if err != nil {
		return Impact{}, err
	}
	impact := Impact{[]ImpactedAsset{}, complete}
	for _, a := range assets[:len(shown)] {
		if _, ok := readable[a.ID]; ok {
			impact.Assets = append(impact.Assets, a)
		}
	}
	return impact, nil
}

var operations = []operation.Operation{
	operation.Operate(http.MethodGet, "assets/{id}/impact", resource.Permission("asset", resource.Get),
		"What depends on an asset, the nearest first", impactOfOne),
}
