package org.mooring

internal fun platformWatch(): Watch = SystemWatch

internal fun platformCarrier(): Carrier = HttpClientCarrier()
