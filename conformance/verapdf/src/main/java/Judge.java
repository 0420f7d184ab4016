import java.io.File;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges documents by the part and level of PDF/A that they claim, with veraPDF.
 *
 * <p>Arguments: the documents. Prints one line for each, its fields separated by tabs: file, what it claims
 * ({@code 2b}), whether it is, and the rules that it breaks.
 */
public final class Judge {

    public static void main(String[] paths) {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (String path : paths) {
            System.out.println(new File(path).getName() + "\t" + judge(path));
        }
    }

    private static String judge(String path) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path))) {
            PDFAFlavour claimed = parser.getFlavour();
            try (var validator = Foundries.defaultInstance().createValidator(claimed, false)) {
                ValidationResult result = validator.validate(parser);
                return claimed.getId() + "\t" + result.isCompliant() + "\t" + broken(result.getTestAssertions());
            }
        } catch (Exception error) {
            return "\tfalse\t" + error;
        }
    }

    private static String broken(List<TestAssertion> failures) {
        return failures.stream()
                .map(one -> "§" + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage())
                .distinct()
                .collect(Collectors.joining(" | "))
                .replaceAll("\\s+", " ");
    }
}
