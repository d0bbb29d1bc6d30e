package org.mooring

/** The number that a help desk asks for. */
public fun MooringException.code(): Int = when (this) {
    is MooringException.Locked -> code
    is MooringException.WrongPin -> code
    is MooringException.Wait -> code
    is MooringException.Canceled -> code
    is MooringException.Vault -> code
    is MooringException.UpdateApp -> code
    is MooringException.NotSaved -> code
    is MooringException.NotFound -> code
    is MooringException.BadInput -> code
    is MooringException.BadAnswer -> code
    is MooringException.BadProtocol -> code
    is MooringException.Forbidden -> code
    is MooringException.CaseDamaged -> code
    is MooringException.Refused -> code
    is MooringException.TryLater -> code
    is MooringException.Internal -> code
}
