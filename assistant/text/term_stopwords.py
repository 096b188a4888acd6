"""Words that the name of a theme cannot have, cannot end with, or cannot be alone."""

from vectorstore.text.terms import terms

# Words that no name of a theme has: function words, and the verbs and adverbs of any abstract.
BREAKS = frozenset(
    """
    a about above across after again against all almost alone along already also although always among an and
    another any are around as at be became because become becomes been before behind being below best better between
    beyond both but by can cannot case certain could current currently despite did do does doing done down due
    during each either else especially etc even ever every existing few first fixed following for found from fully
    further furthermore given good had has have having hence here high higher highly how however i if in including
    indeed instead into is it its itself just key kind kinds large largely larger last least less like likely long
    low lower made mainly make makes making many may might more moreover most much must namely near nearly need
    needs neither never new next no nor not novel now of off often on once one ones only onto or other others our
    out over own particular particularly per possible previous prior proposed rather recent recently relative
    respectively same second set several shall should show showing shown shows significant significantly similar
    simple simply since single small smaller so some specific specifically still strong such than that the their
    them then there thereby therefore these they this those three through throughout thus to together too top toward
    towards two typically under unlike until up upon us use used useful uses using usually various versus very via
    was way ways we well were what when where whereas whether which while who whole whose why will with within
    without would yet you your achieve achieves achieved achieving address addresses addressed addressing aim aims
    allow allows allowing apply applies applied based build builds building called capture captures combine combines
    combined consider considers consists construct constructed contain contains contribute create creates created
    demonstrate demonstrates demonstrated demonstrating design designed designs develop develops developed
    developing employ employs enable enables enabling enhance enhances enhanced enhancing ensure ensures ensuring
    establish establishes evaluate evaluates evaluated evaluating examine exceed exhibit exhibits explore explores
    exploring extend extends extensive face faces fail fails focus focuses generate generates get gives give guide
    guided guides help helps hinder identify identifies implement improve improves improved improving incorporate
    incorporates include includes increase increases integrate integrates introduce introduced introduces
    introducing investigate investigates investigating involve lack lacks lead leads leading learn learns leverage
    leverages leveraging limit limits maintain maintaining maintains motivated obtain offer offers outperform
    outperforms outperforming perform performs present presents presented preserve preserving produce produces
    propose proposes promote promising provide provides providing reach reaches reduce reduces reducing reflect
    remain remains remaining rely relies report reported require requires required respond reveal reveals revealing
    rethinking revisiting solve struggle struggles study studies suffer suffers support supports surpass surpasses
    surpassing suggest suggests tackle tackles take takes taming term termed train trained understand utilize
    utilizes validate validates yield yields available capable challenging common comprehensive critical crucial
    different difficult diverse effective effectively efficient efficiently essential easy fundamental general
    important inherent main major multiple numerous original popular practical powerful rapid real remarkable rich
    scalable state-of-the-art sota superior traditional unified unique wide widely additional automatically
    challenge directly explicit explicitly jointly progressively systematically four five six seven eight nine ten
    hundreds thousands million
    """.split()
)
# Nouns of any abstract: a phrase that ends with one says little, and one made of them says nothing.
GENERIC = frozenset(
    terms(
        """
        ability abstract accuracy advance advantage analysis application approach architecture area aspect
        baseline benchmark benefit bottleneck capability case challenge code community comparison complexity
        component concern condition context contribution cost data dataset demand design development difference
        direction domain effect effectiveness efficiency effort element environment error evaluation evidence
        example experiment factor feature field finding framework future gain gap goal group impact
        implementation importance improvement information input insight issue knowledge lack level limitation
        loss mechanism method methodology metric model modeling module motivation need novelty number objective
        output overhead paper paradigm parameter part performance perspective pipeline potential practice
        principle problem procedure process progress project property quality question range rate report
        representation requirement research resource result risk robustness role sample scale scenario scheme
        scope score setting solution source stage standard state step strategy structure study subset success
        superiority survey system target task team technique technology term test theory time tool topic type
        understanding use user value variant version view vision work world year page website homepage repository
        github deep neural learning network algorithm training inference proxy efficient technical first overview
        human language intelligence
        artificial natural real large high low multi downstream experimental foundation adaptive capabilities
        behavior form space answer image observation relationship separation pre
        """
    )
)
FIELDS = frozenset(terms("model network learning agent generation inference reasoning"))
# "a universal watermarking technique" is one paper's own; "an unseen scene" is no subject.
NO_HEADS = frozenset(
    terms(
        """
        framework technique method approach strategy mechanism module pipeline paradigm engine play scene content update
        example intelligence recipe formulation study perspective trick idea rule
        """
    )
)
# Done to something, which the word alone does not say: mitigation of what?
OF_WHAT = frozenset(
    terms(
        """
        mitigation attention counting detection prevention reduction generation prediction selection estimation
        optimization initialization adaptation integration extraction recognition decomposition reconstruction
        allocation ordering exploration diversification augmentation annotation interaction collaboration
        communication construction composition combination aggregation modification verification validation
        transformation computation assessment assignment measurement management refinement sharing matching evolution
        execution invocation simulation guidance supervision initialization expression completion correction direction
        """
    )
)
WEAK_HEADS = GENERIC - FIELDS - frozenset(terms("analysis language image"))
