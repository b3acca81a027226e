import java.io.FileInputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Holds files against a PDF standard each: VeraPdf (FLAVOUR FILE)..., a flavour as veraPDF spells it (2a, 3a, ua1).
 * Prints a line for each, "ok" or the rules that are broken. The library has no command of its own.
 */
public class VeraPdf {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int at = 0; at < arguments.length; at += 2) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[at]);
            Set<String> broken = new LinkedHashSet<>();
            try (FileInputStream file = new FileInputStream(arguments[at + 1]);
                    PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = validator.validate(parser);
                for (TestAssertion found : result.getTestAssertions()) {
                    if (found.getStatus() == TestAssertion.Status.FAILED) {
                        broken.add(found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber() + " " + found.getMessage());
                    }
                }
                List<String> told = new ArrayList<>(broken);
                System.out.println(result.isCompliant() ? "ok" : "broken: " + String.join(" | ", told.subList(0, Math.min(8, told.size()))));
            }
        }
    }
}
