package org.mooring.hapi;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemOperator;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.StructureDefinition;

/**
 * Validates what our engine wrote: {@code Validate DEFINITIONS OUT}. In OUT/pack the Questionnaires must be valid as well as their
 * responses; those in OUT/real are other people's, so only our responses to them are judged.
 */
public final class Validate {
    /** What the validator holds against a response without cause, in words of its own, and why it is none of ours. */
    private record Excuse(Pattern words, String why) {}

    private static final List<String> UNCHECKED =
            List.of("no validation can be performed", "could not be found, so", "has not been checked");

    private static final List<Excuse> EXCUSES = List.of(
            new Excuse(
                    Pattern.compile("The minimum number of answers is (\\d+) but this has \\1 answers"),
                    "it counts one answer too few: as many as are asked for are there"),
            new Excuse(
                    Pattern.compile("Unknown Code System|is not in the options value set .*Terminology Error: Validation failed"),
                    "the code system itself is not on the class path, so the validator can't look a code up"),
            new Excuse(
                    Pattern.compile("the validator stopped: .*NumberFormatException: For input string: \"\\d{4}-\\d\\d\""),
                    "it can't compare a date without a day in an enableWhen"),
            new Excuse(
                    Pattern.compile("the validator stopped: .*Expected answer and actual answer have incompatible types"),
                    "it can't compare a code with a text in an enableWhen, as some real Questionnaires ask for"),
            new Excuse(
                    Pattern.compile("An error occurred checking the date: This BaseDateTimeType does not contain a value"),
                    "the Questionnaire gives its limit as an expression, and the validator expects a value"));

    private final FhirContext context = FhirContext.forR4();
    private final Map<String, IBaseResource> questionnaires = new HashMap<>();
    private final PrePopulatedValidationSupport ours = new Served();
    /** What the validator holds against the Questionnaire itself, in the same words: a response repeats its options. */
    private final Set<String> known = new HashSet<>();
    private boolean ownQuestionnaires;
    private int judged;
    private int bad;

    /** The library's own class keeps Questionnaires and does not hand them out; a response would pass unchecked. */
    private final class Served extends PrePopulatedValidationSupport {
        Served() {
            super(FhirContext.forR4());
        }

        @Override
        public <T extends IBaseResource> T fetchResource(Class<T> wanted, String address) {
            IBaseResource found = questionnaires.get(address);
            return wanted != null && wanted.isInstance(found) ? wanted.cast(found) : super.fetchResource(wanted, address);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Validate validate = new Validate();
        for (Path file : files(Path.of(arguments[0]), ".json")) {
            validate.ours.addStructureDefinition(validate.parser().parseResource(StructureDefinition.class, Files.readString(file)));
        }
        Path out = Path.of(arguments[1]);
        validate.folder(out.resolve("pack"), true);
        if (Files.isDirectory(out.resolve("real"))) {
            validate.folder(out.resolve("real"), false);
        }
        System.out.printf("%d resources, %d not valid%n", validate.judged, validate.bad);
        System.exit(validate.bad == 0 && validate.judged > 0 ? 0 : 1);
    }

    private IParser parser() {
        return context.newJsonParser().setParserErrorHandler(new LenientErrorHandler().setErrorOnInvalidValue(false));
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private void folder(Path folder, boolean own) throws IOException {
        ownQuestionnaires = own;
        FhirValidator validator = validator();
        for (Path file : files(folder, ".questionnaire.json")) {
            String text = Files.readString(file);
            known.clear();
            if (ownQuestionnaires) {
                judge(validator, file, text);
            } else {
                messages(validator, text).forEach(message -> known.add(message.getMessage()));
            }
            String stem = file.getFileName().toString().replace(".questionnaire.json", "");
            for (Path response : files(folder, ".response.json")) {
                String name = response.getFileName().toString();
                if (name.startsWith(stem + ".") && name.split("\\.").length == stem.split("\\.").length + 3) {
                    serve(text, Files.readString(response));
                    judge(validator, response, Files.readString(response));
                }
            }
        }
    }

    /** Hands the Questionnaire out under the address that the response names, whatever its own is. */
    private void serve(String questionnaire, String response) {
        Questionnaire parsed = parser().parseResource(Questionnaire.class, questionnaire);
        String named = parser().parseResource(QuestionnaireResponse.class, response).getQuestionnaire();
        String[] parts = named.split("\\|");
        parsed.setUrl(parts[0]);
        questionnaires.clear();
        questionnaires.put(parts[0], parsed);
        questionnaires.put(named, parsed);
    }

    private FhirValidator validator() {
        ValidationSupportChain chain = new ValidationSupportChain(
                ours,
                new DefaultProfileValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context));
        FhirInstanceValidator module = new FhirInstanceValidator(chain);
        // Ours are defined in docs/fhir; one that nobody defined is a mistake.
        module.setAnyExtensionsAllowed(false);
        module.setErrorForUnknownProfiles(true);
        return context.newValidator().registerValidatorModule(module);
    }

    private void judge(FhirValidator validator, Path file, String text) {
        judged++;
        List<String> against = messages(validator, text).stream()
                .filter(message -> countsAgainst(message, text))
                .map(message -> message.getSeverity() + " " + message.getLocationString() + ": " + message.getMessage())
                .toList();
        if (!against.isEmpty()) {
            bad++;
            System.out.println(file);
            against.forEach(line -> System.out.println("  " + line));
        }
    }

    private static List<SingleValidationMessage> messages(FhirValidator validator, String text) {
        try {
            return validator.validateWithResult(text).getMessages();
        } catch (RuntimeException stopped) {
            // A response that stops the validator was not checked.
            SingleValidationMessage message = new SingleValidationMessage();
            message.setSeverity(ResultSeverityEnum.FATAL);
            message.setMessage("the validator stopped: " + stopped);
            return List.of(message);
        }
    }

    /** Errors; and whatever says that something was not looked at, at any severity. */
    private boolean countsAgainst(SingleValidationMessage message, String text) {
        String words = message.getMessage();
        boolean isUnchecked = UNCHECKED.stream().anyMatch(words::contains);
        boolean isError = message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0;
        if (!isError && !isUnchecked) {
            return false;
        }
        // Not everything that is asked for is there yet, and the response says so.
        boolean isUnfinished = text.contains("\"status\": \"in-progress\"");
        if (isUnfinished && words.startsWith("The minimum number of answers")) {
            return false;
        }
        return !known.contains(words) && !readsConditionOtherwise(words) && EXCUSES.stream().noneMatch(excuse -> excuse.words().matcher(words).find());
    }

    private static final Pattern NOT_ENABLED = Pattern.compile("not enabled \\(item id = '(.*)'\\)");

    /**
     * It has a {@code !=} on an unanswered question false, where FHIR's own words make it true (core/protocol/src/enable.rs says why), and
     * it does not know the variables of an enableWhenExpression. Other people's forms alone are excused: ours must be read alike by all.
     */
    private boolean readsConditionOtherwise(String words) {
        Matcher item = NOT_ENABLED.matcher(words);
        return !ownQuestionnaires
                && item.find()
                && questionnaires.values().stream()
                        .flatMap(form -> all(((Questionnaire) form).getItem()))
                        .filter(found -> item.group(1).equals(found.getLinkId()))
                        .anyMatch(Validate::hasSuchCondition);
    }

    private static Stream<QuestionnaireItemComponent> all(List<QuestionnaireItemComponent> items) {
        return items.stream().flatMap(item -> Stream.concat(Stream.of(item), all(item.getItem())));
    }

    private static boolean hasSuchCondition(QuestionnaireItemComponent item) {
        return item.getEnableWhen().stream().anyMatch(when -> when.getOperator() == QuestionnaireItemOperator.NOT_EQUAL)
                || item.getExtension().stream().anyMatch(extension -> extension.getUrl().endsWith("enableWhenExpression"));
    }
}
