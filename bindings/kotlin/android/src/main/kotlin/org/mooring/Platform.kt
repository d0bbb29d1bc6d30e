package org.mooring

internal fun platformWatch(): Watch = AndroidWatch

internal fun platformCarrier(): Carrier = OkHttpCarrier()
