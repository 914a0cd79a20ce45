package gateway

// reconfigure puts other options into effect. Endpoints whose connections or
// breakers depend on what changed are made anew, and stay ejected if they were;
// requests under way end on the old ones.
func (p *pool) reconfigure(o Options) {
	p.mu.Lock()
	var ejected []*endpoint
	defer func() {
		p.mu.Unlock()
		for _, e := range ejected {
			e.breaker.Open() // which tells the pool, and changes nothing there
		}
	}()
	same := p.options.sameEndpoints(o)
	p.options = o
	p.renewFuse(o)
	if same {
		return
	}
	now := []*endpoint{}
	for _, old := range p.endpoints() {
		e := p.add(old.Instance)
		now = append(now, e)
		switch {
		case !old.ejected.Load():
		case o.Has(EjectionFeature):
			e.because(old.reason())
			e.ejected.Store(true)
			p.metrics.Ejected(p.service, e.Name, true)
			ejected = append(ejected, e)
		default:
			p.note("readmitted", e, "outlier ejection was switched off")
		}
		old.stop()
		old.dropIdle()
	}
	p.known.Store(&now)
}

// sameEndpoints reports whether endpoints made under o are as those made under
// other options.
func (o Options) sameEndpoints(other Options) bool {
	return o.Timeouts == other.Timeouts && o.Connections == other.Connections && o.OutlierEjection == other.OutlierEjection &&
		o.Has(EjectionFeature) == other.Has(EjectionFeature)
}
