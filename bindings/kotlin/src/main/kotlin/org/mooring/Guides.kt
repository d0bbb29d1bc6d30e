package org.mooring

import java.util.Locale
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * What opens without unlocking, offline and in two taps: guides, numbers, and whom to reach. It holds nothing about anybody, and needs
 * neither a vault nor an enrolment.
 *
 * @param language in which it comes (`es`), as far as the app brings it; else in its own.
 * @param dispatcher where calls wait.
 */
public class Guides(
    private val language: String = Locale.getDefault().toLanguageTag(),
    private val dispatcher: CoroutineDispatcher = Dispatchers.Default,
) {
    /** The guides, in the order of a visit. */
    public suspend fun all(): List<Guide> = call { guides(language) }

    /** The numbers to leave with the person. */
    public suspend fun numbersForPerson(): List<PhoneNumber> = call { numbersForPerson(language) }

    /**
     * Whom to reach in which order, by what can work now; nothing where the pack has no ladder for it.
     *
     * @param level the level that is the reason, as a case shows it; may be left out where no level is.
     * @param domain of which domain; may be left out likewise.
     */
    public suspend fun ladder(trigger: Trigger, works: Works, level: ShownLevel = notKnown(), domain: Domain? = null): LadderShown? =
        call { ladder(trigger, domain, level, works, language) }

    private suspend fun <T> call(verb: () -> T): T = withContext(dispatcher) { verb() }
}

private fun notKnown() = ShownLevel(Level.NOTHING_ENDORSED, true)
